package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @TempDir
    Path directory;

    @Test
    void aRestoredGatewayRepeatsNoNumberAndLosesNothing() throws Exception {
        Path backups = directory.resolve("elsewhere");
        try (GatewayHarness harness = new GatewayHarness(directory, "backup.directory = elsewhere")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            SendingSession session = sender.session(recipient);
            assertThat(send(sender, session, "1")).isEqualTo(Code.CHANGED);
            Path backup = backedUp(harness, backups);
            assertThat(send(sender, session, "2")).isEqualTo(Code.CHANGED);
            assertThat(send(sender, session, "3")).isEqualTo(Code.CHANGED);
            await().until(() -> harness.cloud.mailboxes.of("d-2").size() == 4);
            List<InboxEntry> read = recipient.inbox(0);
            long cursor = read.get(read.size() - 1).u();
            assertThat(cursor).isEqualTo(4);
            assertThatItIsWhole(backup);

            harness.gateway().close();
            Files.move(directory.resolve("data"), directory.resolve("lost"));
            copy(backup.resolve("data"), directory.resolve("data"));
            try (GatewayNode again =
                    GatewayNode.start(GatewaySettings.load(directory.resolve("gateway.conf")), Clock.systemUTC())) {
                assertThat(again.awaitInService(Duration.ofSeconds(30))).isTrue();
                assertThat(directory.resolve("data/this-is-a-copy")).doesNotExist();
                TestDevice back = harness.connectTo(again.address(), "d-1", sender.identity);
                TestDevice reader = harness.connectTo(again.address(), "d-2", recipient.identity);
                assertThat(back.ticket().code().isSuccess()).isTrue();
                assertThat(reader.ticket().code().isSuccess()).isTrue();
                assertThat(send(back, session, "4")).isEqualTo(Code.CHANGED);

                await().until(() -> harness.cloud.mailboxes.of("d-2").stream().anyMatch(entry -> entry.sequence() > 4));
                await().until(() -> !reader.inbox(cursor).isEmpty());
                assertThat(reader.inbox(cursor).get(0).u()).isGreaterThan(1L << 32);
            }
        }
    }

    private static Code send(TestDevice sender, SendingSession session, String content) throws Exception {
        return sender.post("/m", ContentFormat.COSE_ENCRYPT0, TestDevice.sealed(session, content))
                .code();
    }

    private static Path backedUp(GatewayHarness harness, Path backups) throws Exception {
        TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
        assertThat(admin.send(ClientRequest.of(Method.POST, "/a/x/backup")).code())
                .isEqualTo(Code.CREATED);
        await().until(() -> !"running".equals(state(admin).get("state")));
        assertThat(state(admin)).containsEntry("state", "done").containsEntry("unit", "bytes");
        try (Stream<Path> made = Files.list(backups)) {
            List<Path> all = made.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static Map<String, Object> state(TestDevice admin) throws Exception {
        return Values.decodeMap(admin.get("/a/j/1").payload());
    }

    /** As sha256sum -c would, and nothing else is in it, least of all a key. */
    private void assertThatItIsWhole(Path backup) throws Exception {
        List<String> lines = Files.readAllLines(backup.resolve("SHA256SUMS"));
        for (String line : lines) {
            byte[] content = Files.readAllBytes(backup.resolve(line.substring(66)));
            assertThat(line.substring(0, 64))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
            assertThat(new String(content, StandardCharsets.ISO_8859_1))
                    .doesNotContain("PRIVATE KEY")
                    .doesNotContain(Files.readString(directory.resolve("enrolment.secret")));
        }
        assertThat(lines).anyMatch(line -> line.endsWith("  data/this-is-a-copy"));
        assertThat(lines).anyMatch(line -> line.endsWith("  gateway.conf"));
        try (Stream<Path> files = Files.walk(backup)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(lines.size() + 1);
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
