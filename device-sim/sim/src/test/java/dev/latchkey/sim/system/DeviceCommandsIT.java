package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the commands of a device take beyond the README's first steps. */
@ExtendWith(NetworkExtension.class)
final class DeviceCommandsIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    private Path at(String name) {
        return directory.resolve(name);
    }

    private static String done(Object... arguments) {
        Launcher.Result result = ByHand.device(arguments);
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.output();
    }

    private static void isWrong(String why, Object... arguments) {
        Launcher.Result result = ByHand.device(arguments);
        assertThat(result.errors()).contains(why);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private Launcher.Result send(String to, Object... more) {
        Object[] all = new Object[10 + more.length];
        System.arraycopy(
                new Object[] {
                    "send", "--dir", at("d-from"), "--to", to, "--name", "temperature", "--unit", "Cel", "--value=21.50"
                },
                0,
                all,
                0,
                10);
        System.arraycopy(more, 0, all, 10, more.length);
        return ByHand.device(all);
    }

    @Test
    void aReadingToTwoIsSealedOnceAndReadByBoth(RunningNetwork network) throws Exception {
        Path voucher = network.files().voucher("commands", 4, "d-*", 1);
        for (String name : new String[] {"d-from", "d-left", "d-right", "d-outsider"}) {
            done("join", "--hand-over", voucher, "--name", name, "--dir", at(name));
        }
        Launcher.Result sent = send("d-left,d-right");
        assertThat(sent.errors()).isEmpty();
        assertThat(sent.output())
                .contains("opened a session with d-left, d-right", "sent to d-left, d-right  reading 0");
        assertThat(done("recv", "--dir", at("d-left"), "--delegated")).contains("d-from  temperature  21.5 Cel");
        assertThat(done("recv", "--dir", at("d-right"), "--json"))
                .startsWith("{\"kind\":\"value\",\"from\":\"d-from\",\"session\":\"")
                .contains("\"reading\":0", "\"name\":\"temperature\",\"value\":21.5,\"unit\":\"Cel\",\"late\":false}");

        assertThat(send("d-left", "--best-effort", "--delegated").exitCode()).isZero();
        assertThat(send("d-left", "--time", "2026-01-31T06:00:00Z").exitCode()).isZero();
        assertThat(done("recv", "--dir", at("d-left"), "--count", "2").lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("2026-01-31T06:00:00Z  d-from") && line.endsWith("(late)"));

        assertThat(done("key", "--dir", at("d-left"), "d-from")).containsPattern("proved +from the chain id on");
        assertThat(done("key", "--dir", at("d-right"), "--delegated", "d-outsider"))
                .containsPattern("proved +no, it is the gateway's word")
                .containsPattern("asked +just now");

        Launcher.Result none = ByHand.device("recv", "--dir", at("d-left"), "--timeout", "1s");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.errors()).contains("0 of 1 readings came within 1 s");
    }

    @Test
    void whoIsPutOutWhileItReceivesIsTold(RunningNetwork network) throws Exception {
        Path voucher = network.files().voucher("put-out", 4, "d-*", 1);
        done("join", "--hand-over", voucher, "--name", "d-put-out", "--dir", at("d-put-out"));
        CompletableFuture<Launcher.Result> following =
                CompletableFuture.supplyAsync(() -> ByHand.device("recv", "--dir", at("d-put-out"), "--follow"));
        network.files().operator("revoke", "d-put-out", "--yes");
        Launcher.Result result = following.get(60, TimeUnit.SECONDS);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors())
                .startsWith("latchkey: the gateway does not know this device's key")
                .hasLineCount(1);
    }

    @Test
    void whatExcludesItselfIsAWrongCommand() {
        isWrong("exclude each other", "recv", "--dir", at("x"), "--delegated", "--self-verified");
        isWrong("not a member's name: d b", "send", "--dir", at("x"), "--to", "d-a,d b", "--name", "t", "--value", "1");
        String many = "d-0" + ",d-1,d-2,d-3,d-4,d-5,d-6,d-7,d-8,d-9,d-10,d-11,d-12,d-13,d-14,d-15,d-16";
        isWrong("at most 16 members", "send", "--dir", at("x"), "--to", many, "--name", "t", "--value", "1");
    }
}
