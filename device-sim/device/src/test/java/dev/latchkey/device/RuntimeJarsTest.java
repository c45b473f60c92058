package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeJarsTest {
    @Test
    void theLibraryBringsAlongWhatTheCheckedInListSaysAndNothingElse() throws Exception {
        List<String> expected;
        try (InputStream list = RuntimeJarsTest.class.getResourceAsStream("/runtime-jars.txt")) {
            expected = new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
        // Lines such as "   org.slf4j:slf4j-api:jar:2.0.20:compile -- module org.slf4j", written by the build.
        List<String> actual = Files.readAllLines(Path.of("target", "runtime-jars.txt")).stream()
                .map(String::strip)
                .filter(line -> line.contains(":jar:"))
                .map(line -> line.substring(0, line.indexOf(":jar:")))
                .sorted()
                .toList();
        assertThat(actual).isEqualTo(expected);
    }
}
