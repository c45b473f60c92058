package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the whole checkout keeps to and no compiler checks. Each test prints every place that does not. */
final class TidyTest {
    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));
    private static final int MAX_LINES = 400;

    /** In the ledger, package by package, what of the ledger it may import; to import more is to turn an arrow round. */
    private static final Map<String, Set<String>> LEDGER = Map.of(
            "bytes", Set.of(),
            "cbor", Set.of("bytes"),
            "cose", Set.of("bytes", "cbor"),
            "merkle", Set.of("bytes"),
            "transaction", Set.of("bytes", "cbor", "cose", "merkle"),
            "checkpoint", Set.of("bytes", "cbor", "cose", "merkle", "transaction"),
            "directory", Set.of("bytes", "cbor", "cose", "merkle", "transaction"),
            "ledger", Set.of("bytes", "cbor", "cose", "merkle", "transaction", "checkpoint", "directory"),
            "proof", Set.of("bytes", "cbor", "cose", "merkle", "transaction", "checkpoint", "directory", "ledger"),
            "protocol",
                    Set.of(
                            "bytes",
                            "cbor",
                            "cose",
                            "merkle",
                            "transaction",
                            "checkpoint",
                            "directory",
                            "ledger",
                            "proof"));

    private static final Pattern OWN_IMPORT = Pattern.compile("^import (?:static )?dev\\.latchkey\\.([a-z]+)\\.");
    /** Clock, chance, threads, files, sockets, output: all handed in, or not there. */
    private static final Pattern MACHINE = Pattern.compile(
            "\\bSystem\\.(?:currentTimeMillis|nanoTime|out|err|getenv)|\\b(?:Instant|LocalDate)\\.now|\\bClock\\."
                    + "|\\bnew (?:Thread|SecureRandom|Random)\\(|\\bExecutors\\.|\\bThreadLocalRandom"
                    + "|\\bjava\\.(?:net|nio\\.file|nio\\.channels)\\.|\\bjava\\.io\\.File|\\borg\\.slf4j");
    /** Homes and workplaces of the people and machines that build this. */
    private static final Pattern MACHINE_PATH = Pattern.compile("/(?:" + "home|root|work|farm|Users" + ")/[a-z.]");

    private static final Pattern REGISTRY = Pattern.compile("repo1?\\.maven|npm" + "js\\.org|deb\\.debian");

    private record Line(Path file, int number, String text) {
        @Override
        public String toString() {
            return ROOT.relativize(file) + ":" + number + ": " + text.strip();
        }
    }

    @Test
    void noJavaFileHoldsTwoConcepts() {
        assertThat(files(".java").stream()
                        .filter(file -> lines(file).size() > MAX_LINES)
                        .map(ROOT::relativize))
                .isEmpty();
    }

    @Test
    void packagesOfTheLedgerPointOneWay() {
        Path sources = ROOT.resolve("chain/ledger/src/main/java/dev/latchkey");
        List<Line> wrong = new ArrayList<>();
        for (Path file : files(".java")) {
            if (!file.startsWith(sources)) {
                continue;
            }
            String own = sources.relativize(file).getName(0).toString();
            assertThat(LEDGER)
                    .as("a package of the ledger that has no place in the order")
                    .containsKey(own);
            for (Line line : lines(file)) {
                Matcher imported = OWN_IMPORT.matcher(line.text());
                if (imported.find()
                        && !imported.group(1).equals(own)
                        && !LEDGER.get(own).contains(imported.group(1))) {
                    wrong.add(line);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theLedgerAsksNothingOfTheMachine() {
        Path sources = ROOT.resolve("chain/ledger/src/main");
        assertThat(javaLines(line -> line.file().startsWith(sources)
                        && MACHINE.matcher(line.text()).find()))
                .isEmpty();
    }

    @Test
    void onlyTheCborPackageMakesADecoder() {
        String maker = "new Cbor" + "Decoder";
        assertThat(javaLines(line ->
                        line.text().contains(maker) && !line.file().toString().contains("/dev/latchkey/cbor/")))
                .isEmpty();
    }

    @Test
    void onlyChainCoapKnowsCalifornium() {
        String californium = "org.eclipse." + "californium";
        Path adapter = ROOT.resolve("chain/coap");
        assertThat(javaLines(line ->
                        line.text().contains(californium) && !line.file().startsWith(adapter)))
                .isEmpty();
    }

    @Test
    void nothingIsVerifiedInVain() {
        Pattern failsOpen = Pattern.compile("\\bvoid +verify");
        assertThat(javaLines(line -> failsOpen.matcher(line.text()).find()
                        && line.file().toString().contains("/src/main/")))
                .isEmpty();
    }

    @Test
    void testsWaitForConditionsAndNotForTime() {
        String sleep = "Thread." + "sleep(";
        assertThat(javaLines(line ->
                        line.text().contains(sleep) && line.file().toString().contains("/src/test/")))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Map<Path, Boolean> said = new HashMap<>();
        for (Path file : files(".java")) {
            if (file.toString().contains("/src/main/")) {
                said.merge(file.getParent(), file.endsWith("package-info.java"), Boolean::logicalOr);
            }
        }
        assertThat(said.entrySet().stream()
                        .filter(each -> !each.getValue())
                        .map(each -> ROOT.relativize(each.getKey())))
                .isEmpty();
    }

    @Test
    void noMachineIsNamed() {
        List<Line> named = new ArrayList<>();
        for (Path file : files("")) {
            for (Line line : lines(file)) {
                if (MACHINE_PATH.matcher(line.text()).find()
                        || REGISTRY.matcher(line.text()).find()) {
                    named.add(line);
                }
            }
        }
        assertThat(named).isEmpty();
    }

    private static List<Line> javaLines(Predicate<Line> wanted) {
        return files(".java").stream()
                .flatMap(file -> lines(file).stream())
                .filter(wanted)
                .toList();
    }

    /** Every file of the checkout but what was built and what tools keep. */
    private static List<Path> files(String suffix) {
        List<Path> files = new ArrayList<>();
        collect(ROOT, suffix, files);
        assertThat(files).isNotEmpty();
        return files;
    }

    private static void collect(Path directory, String suffix, List<Path> files) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".") && !name.equals(".ci")) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    if (!name.equals("target") && !name.equals("node_modules")) {
                        collect(entry, suffix, files);
                    }
                } else if (name.endsWith(suffix)) {
                    files.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Line> lines(Path file) {
        try {
            List<Line> lines = new ArrayList<>();
            for (String text : Files.readAllLines(file)) {
                lines.add(new Line(file, lines.size() + 1, text));
            }
            return lines;
        } catch (MalformedInputException e) {
            return List.of(); // not text
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
