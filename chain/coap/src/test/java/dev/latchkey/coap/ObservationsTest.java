package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.junit.jupiter.api.Test;

/** Observations without a network: how many run at once, and to which address they may speak. */
class ObservationsTest {
    private static final InetSocketAddress HOME = at(1);
    private static final InetSocketAddress AWAY = at(2);
    private static final InetSocketAddress FAR = at(3);

    private final AtomicInteger runs = new AtomicInteger();
    private final PeerLink link =
            new PeerLink(new KeyPeer(KeyPair.generate(new SecureRandom()).publicKey(), "d-1"), ServerLimits.DEFAULT);
    private final Route route = new Route(
            PathPattern.of("/i"),
            Method.GET,
            request -> {
                runs.incrementAndGet();
                return Lab.now(Refusals.OVERLOADED);
            },
            LinkAttributes.HIDDEN,
            true);
    private final Observations observations = new Observations(
            CoapSettings.server(ServerLimits.DEFAULT, 6, 1_024),
            new ServerLimits.Observing(10_000, 10_000),
            new Tally());
    private final AddressProof proof = link.proof();

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private ServerObservation observation(int number) {
        return begun(observations, link, number).orElseThrow();
    }

    private Optional<ServerObservation> begun(Observations observations, PeerLink link, int number) {
        Request request = Request.newGet();
        request.setToken(new Token(new byte[] {(byte) (number >> 8), (byte) number}));
        request.setSourceContext(new AddressEndpointContext(HOME));
        CoapRequest ours = new CoapRequest(
                Method.GET,
                List.of("i"),
                Map.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Bytes.EMPTY,
                Optional.empty(),
                true,
                link.peer(),
                Map.of());
        AtomicReference<ServerObservation> begun = new AtomicReference<>();
        // What would be sent is not of interest, so its thread does no more than that.
        Exchange exchange = new Exchange(request, link, Exchange.Origin.REMOTE, task -> {
            if (begun.get() == null) {
                task.run();
            }
        });
        exchange.execute(
                () -> begun.set(observations.begin(exchange, link, route, ours).orElse(null)));
        return Optional.ofNullable(begun.get());
    }

    private static Response notification() {
        return new Response(ResponseCode.CONTENT);
    }

    @Test
    void aChangeThatManyObserveIsToldInPortions() {
        for (int i = 0; i < 2_500; i++) {
            observation(i);
        }
        observations.changed("/i", peer -> true);
        assertThat(runs).hasValue(1_000);
        assertThat(observations.waiting()).isEqualTo(1_500);
        ProtocolScheduledExecutorService executor =
                ExecutorsUtil.newProtocolScheduledThreadPool(2, new NamedThreadFactory("observations#"));
        try {
            observations.start(executor);
            await().atMost(Duration.ofSeconds(10)).until(() -> runs.get() == 2_500);
            assertThat(observations.waiting()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void allPeersTogetherHaveNoMoreThanTheDefaultAndOneThatEndsMakesRoom() {
        ServerLimits.Observing most = ServerLimits.DEFAULT.observing();
        Tally tally = new Tally();
        Observations all = new Observations(CoapSettings.server(ServerLimits.DEFAULT, 6, 1_024), most, tally);
        List<PeerLink> links = new ArrayList<>();
        for (int i = 0; i < most.all(); i++) {
            if (i % most.perPeer() == 0) {
                links.add(new PeerLink(link.peer(), ServerLimits.DEFAULT));
            }
            assertThat(begun(all, links.get(links.size() - 1), i)).isPresent();
        }
        PeerLink next = new PeerLink(link.peer(), ServerLimits.DEFAULT);
        assertThat(begun(all, next, 1)).isEmpty();
        assertThat(begun(all, links.get(0), most.perPeer()))
                .as("of one connection")
                .isEmpty();
        assertThat(all.size()).isEqualTo(most.all());
        assertThat(tally.observationsRefused.sum()).isEqualTo(2);

        all.end(links.get(0));
        assertThat(all.size()).isEqualTo(most.all() - most.perPeer());
        assertThat(begun(all, next, 1)).isPresent();
    }

    @Test
    void oneNotificationAtATimeGoesToAnAddressThatIsNotProved() {
        Response question = notification();
        proof.prove(HOME);
        assertThat(proof.admit(AWAY, question, observation(1))).isTrue();
        assertThat(proof.admit(AWAY, notification(), observation(2))).isFalse();
        proof.acknowledged(question);
        assertThat(runs).hasValue(1);
        assertThat(proof.admit(AWAY, notification(), observation(2))).isTrue();
        assertThat(proof.admit(AWAY, notification(), observation(1))).isTrue();
    }

    @Test
    void anAcknowledgementThatMayHaveComeFromElsewhereProvesNothing() {
        Response question = notification();
        proof.prove(HOME);
        assertThat(proof.admit(AWAY, question, observation(1))).isTrue();
        assertThat(proof.mayRepeat(HOME, question)).isTrue();
        proof.acknowledged(question);
        assertThat(proof.admit(AWAY, notification(), observation(1))).isTrue();
        assertThat(proof.admit(AWAY, notification(), observation(2))).isFalse();
    }

    @Test
    void aQuestionThatANewerNotificationReplacedHoldsNothingUp() {
        ServerObservation first = observation(1);
        proof.prove(HOME);
        assertThat(proof.admit(AWAY, notification(), first)).isTrue();
        assertThat(proof.admit(AWAY, notification(), observation(2))).isFalse();
        assertThat(proof.admit(HOME, notification(), first)).isTrue();
        assertThat(runs).hasValue(1);
        assertThat(proof.admit(FAR, notification(), observation(3))).isTrue();
    }

    @Test
    void withoutAnAddressAllWaitUntilThePeerIsHeard() {
        ServerObservation first = observation(1);
        proof.prove(HOME);
        assertThat(proof.admit(null, notification(), first)).isFalse();
        assertThat(proof.mayRepeat(null, notification())).isFalse();
        assertThat(runs).hasValue(0);
        proof.heard();
        proof.heard();
        assertThat(runs).hasValue(1);
    }
}
