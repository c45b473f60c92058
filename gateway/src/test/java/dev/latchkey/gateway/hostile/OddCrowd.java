package dev.latchkey.gateway.hostile;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ServedRoute;
import dev.latchkey.envelope.Opened;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway in this process, its store and its chain, and one peer of each kind who sends it odd requests over real
 * connections: a member, who holds a voucher, an administrator, at both endpoints.
 */
final class OddCrowd implements AutoCloseable {
    final List<OddPeer> peers = new ArrayList<>();
    private final GatewayHarness harness;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    OddCrowd(Path directory) throws Exception {
        harness = new GatewayHarness(
                directory,
                "coap.requests-per-second = 1000000",
                "coap.request-burst = 1000000",
                "coap.quiet-voucher = 7 d");
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        sender.session(recipient);
        Opened unknown = sender.open(recipient);
        Voucher voucher = harness.network.voucher("d-*", 1);
        List<Bytes> payloads = payloads(sender, unknown, voucher);
        OddRequests device = new OddRequests(harness.gateway().deviceRoutes(), payloads);
        List<ServedRoute> admin = harness.gateway().adminRoutes();
        InetSocketAddress devices = harness.gateway().address();
        InetSocketAddress admins = harness.gateway().adminAddress();
        peer("member", new ClientIdentity.RawKey(sender.identity.dtls()), devices, device, "/p");
        peer("administrator", new ClientIdentity.RawKey(harness.network.admin.dtls()), devices, device, "/p");
        peer(
                "voucher",
                new ClientIdentity.Psk(
                        Enrolment.identity(voucher.id(), harness.network.randomBytes(4)),
                        Enrolment.presharedKey(harness.network.enrolmentSecret, voucher.id())),
                devices,
                device,
                "/p");
        OddRequests order = new OddRequests(admin, payloads);
        peer("administrator, /a", new ClientIdentity.RawKey(harness.network.admin.dtls()), admins, order, "/a");
        peer("member, /a", new ClientIdentity.RawKey(sender.identity.dtls()), admins, order, "/a");
        // What the cloud has of the session is noted on the disk before the first odd request.
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.stop();
        AtomicLong last = new AtomicLong();
        await().pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(() -> last.getAndSet(written()) == last.get());
        log.start();
        root().addAppender(log);
    }

    private void peer(String name, ClientIdentity identity, InetSocketAddress at, OddRequests requests, String answered)
            throws Exception {
        peers.add(new OddPeer(name, identity, at, requests, answered));
    }

    /** One of each kind that some resource understands; readings of a session that nobody opened here. */
    private List<Bytes> payloads(TestDevice sender, Opened unknown, Voucher voucher) {
        Identity stranger = Identity.generate(harness.network.random);
        return List.of(
                TestDevice.sealed(unknown.session(), "1"),
                Bytes.concat(unknown.opener().slice(0, unknown.opener().size() - 1), Bytes.fromHex("00")),
                ServeTicket.issue(
                                harness.network.chain,
                                "d-1",
                                "gateway",
                                Instant.now().plusSeconds(900),
                                stranger.sig())
                        .encode(),
                harness.network.join("d-9", stranger, voucher, stranger.sig()),
                harness.network.leave("d-1", stranger),
                harness.network.checkpoint().encode(),
                Cbor.encode(Cbor.array(Cbor.text("d-1"), Cbor.text("nobody"))),
                Cbor.encode(Cbor.array(
                        Cbor.NULL,
                        Cbor.array(),
                        Cbor.bytes(harness.network.checkpoint().encode()))),
                Cbor.encode(Cbor.array(
                        Cbor.uint(1), Cbor.bytes(Digest.sha256(Bytes.EMPTY).bytes()))),
                Bytes.utf8("{\"coap.requests-per-second\": \"x\"}"),
                Bytes.utf8("<coap://[::1]/s>;rt=\"temperature\";if=\"sensor\""));
    }

    /** What was logged by threads of the protocol and of handlers that failed. */
    List<String> failures() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLoggerName().startsWith("org.eclipse.")
                        || event.getLoggerName().startsWith("dev.latchkey.coap."))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Batches that the store has written. */
    long written() {
        return harness.gateway().status().synced();
    }

    /** Waits until every request has its answer. */
    void settle() {
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> harness.gateway().status().coap().requestsInFlight() == 0);
    }

    @Override
    public void close() throws IOException {
        root().detachAppender(log);
        peers.forEach(OddPeer::close);
        harness.close();
    }
}
