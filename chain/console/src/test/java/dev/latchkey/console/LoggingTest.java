package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LoggingTest {
    private static final Logger OURS = LoggerFactory.getLogger("dev.latchkey.some.Room");
    private static final Logger THEIRS = LoggerFactory.getLogger("org.example.Library");

    @TempDir
    Path dir;

    @AfterEach
    void quiet() {
        Logging.toStandardError("warn");
    }

    @Test
    void writesOneLineAnEvent() throws IOException {
        Path file = dir.resolve("logs/latchkey.log");
        Logging.toFile(file, "info");

        OURS.atInfo().addKeyValue("height", 7).log("verified");
        OURS.warn("text from outside\n2026-01-01T00:00:00Z ERROR forged");
        OURS.error("it failed", new IOException("disk full"));
        OURS.debug("not asked for");
        THEIRS.info("not asked for");
        THEIRS.warn("careful");

        List<String> lines = Files.readAllLines(file);
        assertThat(lines)
                .hasSize(4)
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z .*"));
        assertThat(lines.get(0)).endsWith("INFO  Room: verified height=\"7\"");
        assertThat(lines.get(1)).contains("outside | 2026").contains("forged");
        assertThat(lines.get(2)).contains("it failed").contains("| java.io.IOException: disk full | at ");
        assertThat(lines.get(3)).endsWith("WARN  Library: careful");
    }

    @Test
    void takesWhatLibrariesWriteToTheJdksOwnLog() throws IOException {
        Path file = dir.resolve("latchkey.log");
        Logging.toFile(file, "info");
        java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("org.example.Grpc");

        jdk.info("Epoll available");
        jdk.log(java.util.logging.Level.WARNING, "careful {0}\nnot an event", "now");
        jdk.log(java.util.logging.Level.SEVERE, "broken", new IOException("reset"));

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("WARN  Grpc: careful now | not an event");
        assertThat(lines.get(1)).contains("ERROR Grpc: broken | java.io.IOException: reset");
    }

    @Test
    void refusesAnUnknownLevel() {
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(() -> Logging.toStandardError("loud"))
                .withMessageContaining("error, warn, info, debug or trace");
    }
}
