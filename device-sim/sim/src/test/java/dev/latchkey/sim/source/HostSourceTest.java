package dev.latchkey.sim.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostSourceTest {
    private static final Instant NOW = Instant.parse("2026-11-22T17:00:00Z");

    @TempDir
    private Path root;

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private List<String> sampled() throws UnusableSourceException {
        return HostSource.of(root).sample(NOW).measurements("m:").stream()
                .map(HostSourceTest::text)
                .toList();
    }

    private static String text(Measurement measured) {
        return measured.name() + " " + measured.number().orElseThrow().toPlainString() + " "
                + measured.unit().orElse("");
    }

    @Test
    void aMachineTellsItsTemperaturesLoadAndMemory() throws Exception {
        write("sys/class/thermal/thermal_zone10/temp", "21000\n");
        write("sys/class/thermal/thermal_zone2/temp", "-1250\n");
        write("sys/class/thermal/cooling_device0/temp", "1\n");
        write("sys/class/hwmon/hwmon1/temp2_input", "48375\n");
        write("sys/class/hwmon/hwmon1/temp2_label", "Core 0\n");
        write("proc/loadavg", "0.42 1.05 12.00 3/512 4711\n");
        write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:  1 kB\nMemAvailable:    3000000 kB\n");
        assertThat(sampled())
                .containsExactly(
                        "m:thermal_zone2 -1.25 Cel",
                        "m:thermal_zone10 21 Cel",
                        "m:hwmon1/temp2 48.375 Cel",
                        "m:load/1 0.42 /",
                        "m:load/5 1.05 /",
                        "m:load/15 12 /",
                        "m:mem/total 8192000000 B",
                        "m:mem/available 3072000000 B");
    }

    @Test
    void whatIsAbsentOrDamagedIsLeftOut() throws Exception {
        write("sys/class/thermal/thermal_zone0/temp", "");
        write("sys/class/thermal/thermal_zone1/temp", "hot\n");
        write("sys/class/thermal/thermal_zone2/temp", "99999999\n");
        Files.createDirectories(root.resolve("sys/class/thermal/thermal_zone3/temp"));
        Files.createDirectories(root.resolve("sys/class/thermal/thermal_zone4"));
        write("proc/loadavg", "none\n");
        write("proc/meminfo", "MemTotal: lots\nMemAvailable: 12 kB\n");
        assertThat(sampled()).containsExactly("m:mem/available 12288 B");
    }

    @Test
    void aMachineOfManySensorsStillFitsAPack() throws Exception {
        for (int i = 0; i < 100; i++) {
            write("sys/class/hwmon/hwmon" + i + "/temp1_input", "48375\n");
        }
        write("proc/loadavg", "0.42 1.05 12.00 3/512 4711\n");
        Observation sample = HostSource.of(root).sample(NOW);
        assertThat(sample.measurements("m:")).hasSize(67);
        assertThat(sample.pack().toCbor().size()).isLessThan(2_048);
        assertThat(sample.difference("m:", Pack.fromCbor(sample.pack().toCbor()).resolveFrom("m:")))
                .isEmpty();
    }

    @Test
    void aMachineThatTellsNothingIsUnusable() {
        assertThatThrownBy(this::sampled)
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("neither temperature nor load nor memory")
                .hasMessageContaining("replay a file instead");
    }
}
