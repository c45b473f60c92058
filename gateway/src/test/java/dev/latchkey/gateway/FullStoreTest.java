package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.CutDisk;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullStoreTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    @Test
    void aFullOutboxRefusesAndDropsNothing() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory, "limits.outbox = 64 KiB")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            harness.cloud.stop();
            int accepted = 0;
            CoapResponse answer = sender.post("/m", READING, large(session));
            while (answer.code().isSuccess()) {
                accepted++;
                answer = sender.post("/m", READING, large(session));
            }
            assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
            assertThat(TestDevice.code(answer)).isEqualTo("overloaded");
            assertThat(answer.maxAgeSeconds()).isPresent();
            harness.cloud.start();
            int total = accepted + 1;
            await().until(() -> harness.cloud.mailboxes.of("d-2").size() == total);
            await().until(() -> harness.gateway().status().outboxMessages() == 0);
            assertThat(sender.post("/m", READING, large(session)).code()).isEqualTo(Code.CHANGED);
        }
    }

    @Test
    void aDiskDownToItsReserveTakesNothingInAndStillLetsOut() throws Exception {
        var missing = CutDisk.missing();
        assumeTrue(missing.isEmpty(), () -> "no small disk: " + missing.orElseThrow());
        long reserve = 62L << 20;
        try (CutDisk disk = CutDisk.mount(directory, 64L << 20);
                GatewayHarness harness = new GatewayHarness(
                        directory,
                        "data = \"" + disk.path().resolve("data") + "\"",
                        "limits.disk-reserve = " + (reserve >> 20) + " MiB")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            await().until(() -> harness.gateway().status().outboxMessages() == 0);
            harness.cloud.stop();
            int accepted = 0;
            CoapResponse answer = sender.post("/m", READING, large(session));
            while (answer.code().isSuccess()) {
                accepted++;
                answer = sender.post("/m", READING, large(session));
            }
            assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
            assertThat(TestDevice.code(answer)).isEqualTo("overloaded");
            assertThat(answer.maxAgeSeconds()).isPresent();
            assertThat(Files.getFileStore(disk.path()).getUsableSpace()).isGreaterThan(reserve - (1L << 20));
            int total = accepted + 1;
            AtomicInteger read = new AtomicInteger(readAll(recipient));
            // The room may have gone between outbox and inbox: then the last one comes by way of the cloud.
            assertThat(read.get()).isBetween(total - 1, total);
            harness.cloud.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> harness.cloud.mailboxes.count("d-2") == total);
            await().until(() -> harness.gateway().status().outboxMessages() == 0);
            // What was deleted gives its room back, and readings are taken again.
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() ->
                            sender.post("/m", READING, large(session)).code().equals(Code.CHANGED));
            await().atMost(Duration.ofSeconds(30)).until(() -> read.addAndGet(readAll(recipient)) == total + 1);
        }
    }

    /** How many there were. */
    private static int readAll(TestDevice recipient) throws Exception {
        int read = 0;
        for (var page = recipient.inbox(0); !page.isEmpty(); page = recipient.inbox(0)) {
            read += page.size();
            assertThat(recipient
                            .acknowledge(page.get(page.size() - 1).u())
                            .code()
                            .isSuccess())
                    .isTrue();
        }
        return read;
    }

    @Test
    void whatDoesNotFitAnInboxWaitsInTheCloud() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory, "limits.inbox-per-member = 16 KiB")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            for (int i = 0; i < 10; i++) {
                assertThat(sender.post("/m", READING, large(session)).code()).isEqualTo(Code.CHANGED);
            }
            await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 11);
            assertThat(harness.gateway().status().inboxBytes()).isLessThanOrEqualTo(16 * 1024);
            long read = 0;
            int count = 0;
            while (count < 11) {
                long after = read;
                await().until(() -> !recipient.inbox(after).isEmpty());
                var page = recipient.inbox(after);
                count += page.size();
                read = page.get(page.size() - 1).u();
                recipient.acknowledge(read);
            }
            await().until(() -> harness.cloud.mailboxes.forgottenOf("d-2") == 11);
        }
    }

    @Test
    void whoseInboxIsFullWhenAnotherComesReadsOn() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory, "limits.inbox-per-member = 16 KiB")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            for (int i = 0; i < 10; i++) {
                assertThat(sender.post("/m", READING, large(session)).code()).isEqualTo(Code.CHANGED);
            }
            await().until(() -> harness.cloud.mailboxes.count("d-2") == 11);
            // Opens the stream anew, without the mailbox of the one who has no room.
            TestDevice another = harness.served("d-3");
            assertThat(sender.session(another)).isNotNull();
            await().until(() -> !another.inbox(0).isEmpty());
            await().until(() -> harness.cloud.mailboxes.count("d-3") == 1);
            AtomicInteger read = new AtomicInteger();
            await().until(() -> read.addAndGet(readAll(recipient)) == 11);
        }
    }

    @Test
    void moreMailboxesThanOneStreamBrings() throws Exception {
        try (GatewayHarness harness =
                new GatewayHarness(directory, "limits.inbox-per-member = 16 KiB", "cloud.mailboxes-per-stream = 2")) {
            TestDevice sender = harness.served("d-0");
            List<TestDevice> recipients = new ArrayList<>();
            for (int i = 1; i <= 7; i++) {
                recipients.add(harness.served("d-" + i));
            }
            for (TestDevice recipient : recipients) {
                SendingSession session = sender.session(recipient);
                for (int i = 0; i < 6; i++) {
                    assertThat(sender.post("/m", READING, large(session)).code())
                            .isEqualTo(Code.CHANGED);
                }
            }
            for (TestDevice recipient : recipients) {
                await().until(() -> harness.cloud.mailboxes.count(recipient.name) == 7);
                AtomicInteger read = new AtomicInteger();
                await().until(() -> read.addAndGet(readAll(recipient)) == 7);
            }
        }
    }

    private static dev.latchkey.bytes.Bytes large(SendingSession session) {
        return TestDevice.sealed(session, "x".repeat(3_000));
    }
}
