package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminJobsTest {
    @TempDir
    Path directory;

    private GatewayHarness harness;
    private TestDevice admin;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
        admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void verifyAndSyncCountBlocksAndAreListed() throws Exception {
        harness.member("d-1");

        Map<String, Object> verified = ended(started("verify"));
        assertThat(verified).containsEntry("state", "done").containsEntry("kind", "verify");
        assertThat((Long) verified.get("total")).isGreaterThanOrEqualTo(2);
        assertThat(verified.get("done")).isEqualTo(verified.get("total"));
        Map<String, Object> synced = ended(started("sync"));
        assertThat(synced).containsEntry("state", "done");
        assertThat((String) synced.get("message")).contains("seattle at height ");

        List<?> jobs = (List<?>) Values.decodeMap(admin.get("/a/j").payload()).get("jobs");
        assertThat(jobs).hasSize(2).first().isEqualTo(synced);
        assertThat(admin.send(ClientRequest.delete("/a/j/1")).code()).isEqualTo(Code.CONFLICT);
        assertThat(TestDevice.code(admin.get("/a/j/77"))).isEqualTo("unknown-job");
        assertThat(TestDevice.code(admin.get("/a/j/x"))).isEqualTo("unknown-job");
        assertThat(TestDevice.code(post("/a/x/backup"))).isEqualTo("not-configured");
        assertThat(post("/a/x/unheard-of").code()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void aDrainedGatewayTakesNothingUntilItIsSwitchedOff() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
        harness.cloud.stop();
        assertThat(send(sender, session, "1").code()).isEqualTo(Code.CHANGED);

        String job = started("drain");
        assertThat(TestDevice.code(post("/a/x/drain"))).isEqualTo("job-running");
        BlockingQueue<CoapResponse> heard = admin.observe(ClientRequest.get(job));
        assertThat(Values.decodeMap(heard.poll(30, TimeUnit.SECONDS).payload())).containsEntry("state", "running");
        await().until(() -> TestDevice.code(send(sender, session, "2")).equals("draining"));
        assertThat(send(sender, session, "3").maxAgeSeconds()).hasValue(60);
        harness.cloud.start();
        assertThat(ended(job))
                .containsEntry("state", "done")
                .containsEntry("done", 1L)
                .containsEntry("total", 1L);
        await().untilAsserted(() -> assertThat(
                        heard.poll(30, TimeUnit.SECONDS).payload().toHex())
                .isEqualTo(admin.get(job).payload().toHex()));
        assertThat(TestDevice.code(send(sender, session, "4"))).isEqualTo("draining");

        assertThat(admin.send(ClientRequest.of(Method.POST, "/a/x/drain").withQuery("off", "1"))
                        .code())
                .isEqualTo(Code.CHANGED);
        assertThat(send(sender, session, "5").code()).isEqualTo(Code.CHANGED);
    }

    @Test
    void aDrainThatIsCancelledIsUndone() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        harness.cloud.stop();
        send(sender, session, "1");
        String job = started("drain");
        await().until(() -> TestDevice.code(send(sender, session, "2")).equals("draining"));

        assertThat(admin.send(ClientRequest.delete(job)).code()).isEqualTo(Code.DELETED);

        assertThat(ended(job)).containsEntry("state", "cancelled");
        assertThat(send(sender, session, "3").code()).isEqualTo(Code.CHANGED);
        String sync = started("sync");
        assertThat(ended(sync)).containsEntry("state", "failed");
        assertThat((String) Values.decodeMap(admin.get(sync).payload()).get("error"))
                .contains("seattle: the cloud cannot be asked");
    }

    @Test
    void theCommandShowsProgressAndItsExitCodeTellsTheOutcome() throws Exception {
        Path keys = directory.resolve("admin-keys");
        IdentityDirectory.write(keys, harness.network.admin);
        assertThat(command(keys, 0, "job", "run", "verify"))
                .contains("blocks  ", "verify done in ", "every block is the one that was verified");
        assertThat(command(keys, 0, "job", "run", "snapshot", "--json")).contains("\"state\":\"done\"");
        assertThat(command(keys, 0, "job", "list")).contains("verify", "snapshot", "done");
        assertThat(command(keys, 0, "job", "run", "drain", "--off")).contains("taken again");
        assertThat(command(keys, 1, "job", "run", "backup")).isEmpty();
        harness.cloud.stop();
        assertThat(command(keys, 1, "job", "run", "sync")).doesNotContain("done in");
    }

    private String command(Path keys, int code, String... arguments) {
        String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();
        String[] all = Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--key";
        all[arguments.length + 1] = keys.toString();
        all[arguments.length + 2] = "--gateway";
        all[arguments.length + 3] = address;
        CommandRun run = CommandRun.admin(all);
        assertThat(run.code()).as(run.complaint()).isEqualTo(code);
        return run.out();
    }

    private static CoapResponse send(TestDevice sender, SendingSession session, String content) throws Exception {
        return sender.post("/m", ContentFormat.COSE_ENCRYPT0, TestDevice.sealed(session, content));
    }

    private CoapResponse post(String path) throws Exception {
        return admin.send(ClientRequest.of(Method.POST, path));
    }

    /** Where the job is. */
    private String started(String kind) throws Exception {
        CoapResponse response = post("/a/x/" + kind);
        assertThat(response.code()).isEqualTo(Code.CREATED);
        assertThat(response.locationPath()).startsWith("a", "j");
        return "/" + String.join("/", response.locationPath());
    }

    private Map<String, Object> ended(String job) throws Exception {
        await().until(() ->
                !"running".equals(Values.decodeMap(admin.get(job).payload()).get("state")));
        return Values.decodeMap(admin.get(job).payload());
    }
}
