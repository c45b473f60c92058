package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackageDirectionTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "latchkey");

    private static List<String> importsOf(String room) throws Exception {
        try (Stream<Path> files = Files.walk(SOURCES.resolve(room))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty();
            return sources.stream()
                    .flatMap(PackageDirectionTest::lines)
                    .filter(line -> line.startsWith("import "))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void packsKnowNothingOfSessionsOrKeys() throws Exception {
        assertThat(importsOf("senml"))
                .noneMatch(line -> line.contains("dev.latchkey.envelope") || line.contains("dev.latchkey.cose"));
    }

    @Test
    void sessionsKnowOnlyTheLedgersLowerRoomsAndPacks() throws Exception {
        assertThat(importsOf("envelope"))
                .allMatch(line -> line.contains(" java")
                        || line.matches("import dev\\.latchkey\\.(bytes|cbor|cose|transaction|senml|envelope)\\..*"));
    }
}
