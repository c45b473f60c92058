package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's way from nothing to the first sealed reading, and what goes wrong on it. */
@ExtendWith(NetworkExtension.class)
final class HandRunIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Launcher launcher = Checkout.launcher();

    @TempDir
    private Path directory;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    private Launcher.Result device(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "device";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return launcher.run(LONGEST, List.of(all));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /** Init, cloud and gateway, which the shared network began with, are three commands, the devices five: eight. */
    @Test
    void eightCommandsBringTheFirstSealedReading(RunningNetwork network) throws Exception {
        String voucher = network.files().path("voucher-1").toString();
        Launcher.Result joined = device("join", "--hand-over", voucher, "--name", "d-one", "--dir", path("one"));
        assertThat(joined.errors()).isEmpty();
        assertThat(joined.exitCode()).isZero();
        assertThat(joined.output()).contains("seattle as d-one").containsPattern("in block [0-9]+, receipt checked");
        assertThat(device("join", "--hand-over", voucher, "--name", "d-two", "--dir", path("two"))
                        .exitCode())
                .isZero();

        Launcher.Result key = device("key", "--dir", path("one"), "d-two");
        assertThat(key.errors()).isEmpty();
        assertThat(key.output()).contains("d-two of seattle", "active", "checkpoint of block");

        Launcher.Result sent = device(
                "send",
                "--dir",
                path("one"),
                "--to",
                "d-two",
                "--name",
                "temperature",
                "--unit",
                "Cel",
                "--value",
                "21.5");
        assertThat(sent.errors()).isEmpty();
        assertThat(sent.output()).contains("opened a session with d-two", "on the gateway's disk");

        Launcher.Result received = device("recv", "--dir", path("two"), "--count", "1");
        assertThat(received.errors()).isEmpty();
        assertThat(received.output()).contains("d-one  temperature  21.5 Cel");
        assertThat(received.exitCode()).isZero();

        Launcher.Result unknown = ByHand.device("key", "--dir", path("one"), "d-nobody");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.errors()).hasLineCount(1).contains("no member of that name");
    }

    @Test
    void aTakenNameSaysWhatToDo(RunningNetwork network) {
        String voucher = network.files().path("voucher-1").toString();
        Launcher.Result taken =
                ByHand.device("join", "--hand-over", voucher, "--name", "gateway-1", "--dir", path("again"));
        assertThat(taken.exitCode()).isEqualTo(1);
        assertThat(taken.errors()).hasLineCount(1).contains("the name is taken: choose another with --name");
    }

    @Test
    void aFleetRunsAgainstAGatewayThatIsThere(RunningNetwork network) throws Exception {
        Path voucher = network.files().voucher("fleet", 2, "d-*", 1);
        Launcher.Result sim = launcher.run(
                LONGEST, List.of("sim", "--hand-over", voucher.toString(), "--devices", "2", "--readings", "10"));
        assertThat(sim.errors()).isEmpty();
        assertThat(sim.output())
                .contains("Latchkey sim: weather, 2 handhelds")
                .containsPattern("(?m)^ *equal to the source +10\\b");
        assertThat(sim.exitCode()).isZero();

        Launcher.Result again =
                launcher.run(LONGEST, List.of("sim", "--hand-over", voucher.toString(), "--devices", "2"));
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errors()).hasLineCount(1).contains("the voucher has no use left", "--uses N");
    }

    /** Should the cloud be lost: the gateway's blocks are an export like any other. */
    @Test
    void whatTheGatewayVerifiedComesOutOfItWhole(RunningNetwork network) throws Exception {
        String file = path("seattle.chain");
        Launcher.Result exported = network.admin("export", "seattle", "--out", file);
        assertThat(exported.errors()).isEmpty();
        assertThat(exported.output()).containsPattern("wrote .*seattle.chain: [0-9]+ blocks?, ");
        Launcher.Result audited = launcher.run(LONGEST, List.of("audit", file));
        assertThat(audited.errors()).isEmpty();
        assertThat(audited.exitCode()).isZero();
    }

    @Test
    void aDirectoryWithoutADeviceSaysHowToMakeOne() {
        Launcher.Result nowhere = ByHand.device("recv", "--dir", path("nowhere"));
        assertThat(nowhere.exitCode()).isEqualTo(2);
        assertThat(nowhere.errors()).hasLineCount(1).contains("no device in", "latchkey device join");
    }
}
