package dev.latchkey.device;

import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.ServerCheck;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Connects a member to its gateway. The gateway's key is the one the device knows; another one is talked to only until
 * the chain has proved, by the record of the gateway's name, that it is the gateway's now.
 */
final class Connecting {
    private final Means means;

    /** A link to the gateway and the membership with the gateway's key of today. */
    record Connected(Membership self, GatewayLink link) {}

    /** Accepts one key, and remembers another that was shown. */
    private static final class Pin implements ServerCheck {
        private final CoseKey expected;
        private volatile CoseKey shown;

        Pin(CoseKey expected) {
            this.expected = expected;
            this.shown = expected;
        }

        @Override
        public boolean accepts(CoseKey serverKey) {
            shown = serverKey;
            return serverKey.equals(expected);
        }

        Optional<CoseKey> other() {
            return shown.equals(expected) ? Optional.empty() : Optional.of(shown);
        }
    }

    Connecting(Means means) {
        this.means = means;
    }

    CompletableFuture<Connected> connect(Membership self, KeyPair dtls) {
        Pin pin = new Pin(self.gatewayDtls());
        GatewayLink link;
        try {
            link = link(self, pin, dtls);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNREACHABLE, "no connection could be begun", e));
        }
        return link.greet(() -> pin.other().isPresent())
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(new Connected(self, link));
                            }
                            link.close();
                            return pin.other().isPresent()
                                    ? withOtherKey(self, pin.other().get(), dtls)
                                    : CompletableFuture.<Connected>failedFuture(Failures.cause(failure));
                        },
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    /** A link to the gateway of known key that connects when something is asked over it. */
    Connected later(Membership self, KeyPair dtls) throws IOException {
        return new Connected(self, link(self, new Pin(self.gatewayDtls()), dtls));
    }

    private GatewayLink link(Membership self, ServerCheck check, KeyPair dtls) throws IOException {
        InetSocketAddress gateway = new InetSocketAddress(self.gatewayHost(), self.gatewayPort());
        CoapsClient client = CoapsClient.connect(
                gateway,
                new ClientIdentity.RawKey(dtls),
                check,
                means.settings().options(),
                means.threads().network());
        return GatewayLink.insisting(client, means);
    }

    /** Connects to another gateway of the chain, whose key the chain has to prove. Nothing is put on the disk. */
    CompletableFuture<Connected> connect(Membership self, GatewayAddress other, KeyPair dtls) {
        FirstKey first = new FirstKey();
        // Without a key of its own so far: it is set when it is proved.
        Membership hoped = self.at(other, self.gatewayDtls());
        return proved(hoped, first, first::shown, dtls);
    }

    /** Goes on with a key that is not the known one, when the chain proves it. */
    private CompletableFuture<Connected> withOtherKey(Membership self, CoseKey shown, KeyPair dtls) {
        return proved(self, new Pin(shown), () -> Optional.of(shown), dtls)
                .thenApplyAsync(
                        connected -> Failures.wrapped(() -> {
                            if (means.files().membership().isPresent()) {
                                means.files().keep(connected.self());
                            }
                            return connected;
                        }),
                        means.lane());
    }

    /** Asks a gateway of unproved key only for policy, checkpoint and its record. */
    private CompletableFuture<Connected> proved(
            Membership self, ServerCheck check, Supplier<Optional<CoseKey>> shown, KeyPair dtls) {
        GatewayLink link;
        try {
            link = link(self, check, dtls);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNREACHABLE, "no connection could be begun", e));
        }
        ChainView view = new ChainView(self.place(), GatewayChain.own(link), means);
        return view.key(self.gatewayName(), Duration.ZERO)
                .thenApplyAsync(key -> Failures.wrapped(() -> proved(self, key, shown.get(), link, view)), means.lane())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        link.close();
                    }
                });
    }

    private static Connected proved(
            Membership self, VerifiedKey key, Optional<CoseKey> shown, GatewayLink link, ChainView view)
            throws DeviceException {
        view.relied(key.under());
        MemberRecord record = key.record();
        boolean proved = record.isActive()
                && record.role() == Role.GATEWAY
                && shown.equals(Optional.of(record.keys().dtls()));
        if (!proved) {
            throw new DeviceException(DeviceException.Kind.UNPROVED, "the server's key is not the gateway's");
        }
        return new Connected(self.withGatewayDtls(record.keys().dtls()), link);
    }

    /** Accepts the key that is shown first, and after that no other. */
    private static final class FirstKey implements ServerCheck {
        private final AtomicReference<CoseKey> first = new AtomicReference<>();

        @Override
        public boolean accepts(CoseKey serverKey) {
            first.compareAndSet(null, serverKey);
            return first.get().equals(serverKey);
        }

        Optional<CoseKey> shown() {
            return Optional.ofNullable(first.get());
        }
    }
}
