package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package of the node may import which, and where the libraries stay. */
class BordersTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("latchkey.root"), "chain/cloud/src/main/java/dev/latchkey/cloud");

    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("raft", Set.of()),
            Map.entry("store", Set.of("raft")),
            Map.entry("http", Set.of()),
            Map.entry("chain", Set.of("raft", "store")),
            Map.entry("mailbox", Set.of("raft", "store")),
            Map.entry("api", Set.of("raft", "chain", "mailbox", "http", "backup")),
            Map.entry("export", Set.of("chain", "store")),
            Map.entry("backup", Set.of("raft", "chain", "mailbox", "http", "export")),
            Map.entry("audit", Set.of("export")),
            Map.entry("operator", Set.of("export")),
            Map.entry("explore", Set.of("export", "audit", "operator")));

    private static final Map<String, String> HOME_OF = Map.of(
            "org.apache.ratis", "raft",
            "org.rocksdb", "store",
            "org.eclipse.jetty", "http");

    private static final Pattern OWN = Pattern.compile("^import (?:static )?dev\\.latchkey\\.cloud\\.([a-z]+)\\..*");

    private record Import(String room, String line) {}

    private static List<Import> imports() throws IOException {
        List<Import> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Path relative = SOURCES.relativize(file);
                String room =
                        relative.getNameCount() == 1 ? "" : relative.getName(0).toString();
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("import "))
                        .forEach(line -> found.add(new Import(room, line)));
            }
        }
        return found;
    }

    @Test
    void packagesPointOneWay() throws IOException {
        assertThat(imports()).filteredOn(each -> !each.room().isEmpty()).allSatisfy(each -> {
            Matcher own = OWN.matcher(each.line());
            assertThat(MAY_IMPORT).containsKey(each.room());
            if (own.matches() && !own.group(1).equals(each.room())) {
                assertThat(MAY_IMPORT.get(each.room())).contains(own.group(1));
            }
        });
    }

    @Test
    void eachLibraryStaysInItsAdapter() throws IOException {
        assertThat(imports())
                .isNotEmpty()
                .allSatisfy(each -> HOME_OF.forEach((library, room) -> {
                    if (each.line().startsWith("import " + library)) {
                        assertThat(each.room()).as(each.line()).isEqualTo(room);
                    }
                }));
    }
}
