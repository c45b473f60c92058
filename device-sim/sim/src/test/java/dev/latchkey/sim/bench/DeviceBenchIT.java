package dev.latchkey.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The benchmark of a device's operations as the launcher starts it, in a size that proves no speed. */
@Execution(ExecutionMode.CONCURRENT)
class DeviceBenchIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void countsWhatADeviceSpends(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("device.json");
        Launcher launcher = new Launcher(Path.of(System.getProperty("latchkey.root"), "latchkey"));

        Launcher.Result run = launcher.run(
                LONGEST, List.of("bench", "device", "--devices", "3", "--members", "3", "--json", json.toString()));

        assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
        assertThat(run.output())
                .contains(
                        "join by a voucher",
                        "send a further reading",
                        "receive a further reading",
                        "rotate the kex key")
                .contains("the whole chain, joins", "a day, each rotates its kex key");
        String figures = Files.readString(json);
        long told = received(figures, "key look-up, delegated");
        long proved = received(figures, "key look-up, self-verified, checkpoint known");
        assertThat(told).isBetween(100L, 400L);
        assertThat(proved).isBetween(told + 1, 1_500L);
    }

    private static long received(String json, String operation) {
        Matcher found = Pattern.compile("\"" + Pattern.quote(operation) + "\"[^}]*\"received B\"\\s*:\\s*(\\d+)")
                .matcher(json);
        assertThat(found.find()).as(operation).isTrue();
        return Long.parseLong(found.group(1));
    }
}
