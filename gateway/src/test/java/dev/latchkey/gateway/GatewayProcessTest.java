package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayProcess;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Voucher;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(5)
class GatewayProcessTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    private TestNetwork network;
    private TestCloud cloud;
    private TestGateway gateway;
    private ClientThreads threads;

    @BeforeEach
    void start() throws Exception {
        network = new TestNetwork();
        cloud = new TestCloud(network);
        cloud.start();
        gateway = new TestGateway(directory, network, cloud.address(), "provisional.allowed = true");
        threads = new ClientThreads(2);
    }

    @AfterEach
    void stop() {
        threads.close();
        cloud.close();
    }

    @Test
    void aSettingsFileWithAnUnknownKeyIsOneLineAndExitCodeTwo() throws Exception {
        Files.writeString(gateway.config(), "\nlimits.outbx = 1 MiB", StandardOpenOption.APPEND);
        GatewayProcess.Ended ended = GatewayProcess.ended(gateway.config());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err().strip().lines()).hasSize(1);
        assertThat(ended.err()).contains("outbx");
    }

    @Test
    void aPortInUseIsOneLineAndExitCodeTwo() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            GatewayProcess.Ended ended = GatewayProcess.ended(gateway.config(), "--listen", address);
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err().strip().lines()).hasSize(1);
            assertThat(ended.err()).contains("in use", address);
        }
    }

    @Test
    void aDirectoryInUseIsOneLineAndExitCodeTwo() throws Exception {
        try (GatewayProcess holder = GatewayProcess.ready(gateway.config())) {
            GatewayProcess.Ended ended = GatewayProcess.ended(gateway.config());
            assertThat(holder.address().getPort()).isPositive();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err().strip().lines()).hasSize(1);
            assertThat(ended.err()).contains("another process may hold it");
        }
    }

    @Test
    void nothingAcknowledgedIsLostOrDoubledByAKill() throws Exception {
        Identity senderKeys = network.joined("d-1");
        Identity recipientKeys = network.joined("d-2");
        List<Bytes> acknowledged = new ArrayList<>();
        SendingSession session;
        Voucher voucher = network.voucher("d-3", 1);
        Bytes join = network.join("d-3", Identity.generate(network.random), voucher);
        Bytes provisional;
        try (GatewayProcess first = GatewayProcess.ready(gateway.config());
                TestDevice sender = device("d-1", senderKeys, first);
                TestDevice recipient = device("d-2", recipientKeys, first)) {
            sender.ticket();
            recipient.ticket();
            session = sender.session(recipient);
            for (int i = 0; i < 20; i++) {
                acknowledged.add(post(sender, TestDevice.sealed(session, "before " + i)));
            }
            cloud.stop();
            for (int i = 0; i < 20; i++) {
                acknowledged.add(post(sender, TestDevice.sealed(session, "alone " + i)));
            }
            provisional = join(voucher, join, first);
            first.kill();
        }
        try (GatewayProcess second = GatewayProcess.ready(gateway.config());
                TestDevice sender = device("d-1", senderKeys, second);
                TestDevice recipient = device("d-2", recipientKeys, second)) {
            assertThat(join(voucher, join, second)).isEqualTo(provisional);
            // A device that did not hear the last answer sends the same bytes again.
            post(sender, acknowledged.get(acknowledged.size() - 1));
            acknowledged.add(post(sender, TestDevice.sealed(session, "after")));
            cloud.start();
            await().until(() -> cloud.mailboxes.of("d-2").size() >= acknowledged.size() + 1);
            assertThat(cloud.mailboxes.of("d-2"))
                    .filteredOn(entry -> entry.contentFormat() == READING)
                    .extracting(MailboxEntry::message)
                    .containsExactlyElementsOf(acknowledged);
            assertThat(readAll(recipient)).containsExactlyElementsOf(acknowledged);
            await().until(() -> network.state().member("d-3").isPresent());
            assertThat(second.terminate()).isZero();
        }
    }

    private TestDevice device(String name, Identity keys, GatewayProcess process) throws Exception {
        return TestDevice.member(name, keys, network, process.address(), threads);
    }

    /** Joins while the cloud is away; the provisional receipt. */
    private Bytes join(Voucher voucher, Bytes join, GatewayProcess process) throws Exception {
        try (TestDevice holder = TestDevice.holder(voucher, network, process.address(), threads)) {
            CoapResponse taken = holder.post("/t", ContentFormat.COSE_SIGN, join);
            assertThat(taken.contentFormat()).hasValue(ContentFormat.COSE_SIGN1);
            return taken.payload();
        }
    }

    private static Bytes post(TestDevice sender, Bytes reading) throws Exception {
        assertThat(sender.post("/m", READING, reading).code().isSuccess()).isTrue();
        return reading;
    }

    private static List<Bytes> readAll(TestDevice recipient) throws Exception {
        List<Bytes> readings = new ArrayList<>();
        List<InboxEntry> page = recipient.inbox(0);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(entry -> entry.contentFormat() == READING)
                    .forEach(entry -> readings.add(entry.message()));
            long last = page.get(page.size() - 1).u();
            recipient.acknowledge(last);
            page = recipient.inbox(last);
        }
        return readings;
    }
}
