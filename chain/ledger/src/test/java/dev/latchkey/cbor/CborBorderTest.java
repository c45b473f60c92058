package dev.latchkey.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The validator is worth something only if no bytes get past it. */
class CborBorderTest {
    @Test
    void onlyOneFileNamesTheLibrary() throws IOException {
        Path root = Path.of(System.getProperty("latchkey.root"));
        List<Path> naming;
        try (Stream<Path> files = Files.walk(root)) {
            naming = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/"))
                    .filter(CborBorderTest::namesTheLibrary)
                    .toList();
        }
        assertThat(naming).containsExactly(root.resolve("chain/ledger/src/main/java/dev/latchkey/cbor/Library.java"));
    }

    private static boolean namesTheLibrary(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.stripLeading().startsWith("*"))
                    .anyMatch(line -> line.contains("co.nstant.in"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
