package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library and what it brings along name nothing that Android has not. */
class SmallPlatformTest {
    private static final List<Path> SOURCES = Stream.of(
                    "src",
                    "../../chain/ledger/src",
                    "../../chain/envelope/src",
                    "../../chain/coap/src",
                    "../../chain/host/src")
            .map(source -> Path.of(source).resolve("main/java"))
            .toList();

    private static final Pattern ABSENT = Pattern.compile(
            "\\b(java\\.(awt|beans|applet|rmi|lang\\.management|lang\\.instrument|net\\.http|lang\\.foreign)"
                    + "|javax\\.(swing|management|naming|script|tools|imageio|print|rmi|sound|transaction|smartcardio)"
                    + "|com\\.sun|sun\\.|jdk\\.)[.\\w]*");

    @Test
    void noSourceNamesAPackageThatSmallPlatformsLack() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (Path root : SOURCES) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file :
                        (Iterable<Path>) all.filter(each -> each.toString().endsWith(".java"))::iterator) {
                    files++;
                    Files.readString(file)
                            .lines()
                            .filter(line -> line.startsWith("import ")
                                    && ABSENT.matcher(line).find())
                            .forEach(line -> found.add(file + ": " + line));
                }
            }
        }
        assertThat(files).isGreaterThan(200);
        assertThat(found).isEmpty();
    }
}
