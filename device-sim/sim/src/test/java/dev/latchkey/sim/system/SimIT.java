package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code latchkey sim} as its users start it. */
@ExtendWith(NetworkExtension.class)
final class SimIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    /** The figures of a run that passed. */
    private String figures(Duration longest, String... arguments) throws Exception {
        Path json = directory.resolve("figures.json");
        List<String> command = new ArrayList<>(List.of("sim"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--json", json.toString()));
        Launcher.Result sim = Checkout.launcher().run(longest, command);
        assertThat(sim.exitCode()).as(sim.output() + sim.errors()).isZero();
        return Files.readString(json);
    }

    private static String handOver(RunningNetwork network, String name, int uses) throws Exception {
        return network.files().voucher("sim-" + name, uses, "d-*", 1).toString();
    }

    @Test
    void membersAreReplacedAndChangeKeysWhileOthersSend(RunningNetwork network) throws Exception {
        network.ensureInService();
        String figures = figures(
                LONGEST,
                "churn",
                "--devices",
                "4",
                "--readings",
                "40",
                "--changes",
                "3",
                "--seed",
                "7",
                "--hand-over",
                handOver(network, "churn", 5));
        assertThat(figures)
                .contains("\"passed\":true", "\"refused as expected: not-active\":\"1\"")
                .containsPattern("\"joined\":\\{\"count\":5,")
                .containsPattern("\"rotated\":\\{\"count\":2,")
                .containsPattern("\"left\":\\{\"count\":1,");
    }

    /** The seed decides names, and a chain takes each once: every test here has its own. */
    @Test
    void membersCommuteThroughDatagramsThatGetLost(RunningNetwork network) throws Exception {
        network.ensureInService();
        network.ensureSecondChain();
        String figures = figures(
                LONGEST,
                "commute",
                "--to",
                "tacoma",
                "--devices",
                "4",
                "--readings",
                "40",
                "--loss",
                "0.03",
                "--delay",
                "1ms-10ms",
                "--seed",
                "8",
                "--hand-over",
                handOver(network, "commute", 4));
        assertThat(figures)
                .contains("\"passed\":true", "\"datagrams lost\"")
                .containsPattern("\"relocated\":\\{\"count\":2,");
    }

    /** Of its own network; the bound is what the machine of a laptop has to spare. */
    @Test
    @Tag("long")
    void twoThousandFiveHundredDevicesFitInTwoGigabytes() throws Exception {
        String figures = figures(Duration.ofMinutes(20), "--devices", "2500", "--readings", "10000");
        assertThat(figures).contains("\"passed\":true").containsPattern("\"joined\":\\{\"count\":2500,");
        long bytes = Long.parseLong(figures.replaceAll("(?s).*\"peak_resident_bytes\":([0-9]+).*", "$1"));
        assertThat(bytes).isPositive().isLessThan(2_000_000_000L);
    }
}
