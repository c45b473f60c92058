package dev.latchkey.gateway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.intake.Refusal;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One table from refusal to response code: what is said in the README is what is sent. */
class ProblemsTest {
    private static final Pattern ROW = Pattern.compile("\\| ([45]\\.[0-9]{2})(?:, with Max-Age)? \\| (.*) \\|");
    private static final Pattern WORD = Pattern.compile("`([a-z-]+)`");
    private static final Pattern LITERAL = Pattern.compile("Problems\\s*\\.of\\(\\s*\"([^\"]+)\"");

    @Test
    void theReadmeListsEveryRefusalUnderItsCode() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Matcher words = WORD.matcher(row.group(2));
                while (words.find()) {
                    String refusal = row.group(1) + " " + words.group(1);
                    // 4.29 and 5.03 may share a word, one response may not have it twice.
                    assertThat(documented.add(refusal)).as(refusal).isTrue();
                }
            }
        }
        Set<String> sent = new TreeSet<>();
        Problems.codes().forEach((word, code) -> sent.add(code + " " + word));
        for (CoapResponse refusal : CoapsServer.refusals()) {
            assertThat(refusal.contentFormat()).hasValue(ContentFormat.PROBLEM);
            sent.add(refusal.code() + " " + Problem.decode(refusal.payload()).code());
        }
        assertThat(documented).isEqualTo(sent);
    }

    @Test
    void everyRefusalOfTheGatewayAndOfTheLedgerStandsInTheTable() {
        assertThat(Problems.codes().keySet())
                .containsAll(Arrays.stream(Refusal.values()).map(Refusal::code).toList())
                .containsAll(Arrays.stream(dev.latchkey.ledger.Refusal.values())
                        .map(dev.latchkey.ledger.Refusal::code)
                        .toList());
    }

    @Test
    void everyRefusalThatIsWrittenOutStandsInTheTable() throws Exception {
        Set<String> written = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                Matcher literal = LITERAL.matcher(text(file));
                while (literal.find()) {
                    written.add(literal.group(1));
                }
            });
        }
        assertThat(written).isNotEmpty();
        assertThat(Problems.codes().keySet()).containsAll(written);
    }

    @Test
    void whoIsToComeLaterIsToldWhen() {
        Problems.codes().forEach((word, code) -> {
            boolean later = code.equals(Code.SERVICE_UNAVAILABLE) || code.equals(Code.TOO_MANY_REQUESTS);
            assertThat(Problems.of(word).maxAgeSeconds().isPresent()).as(word).isEqualTo(later);
        });
        for (CoapResponse refusal : CoapsServer.refusals()) {
            Code code = refusal.code();
            boolean later = code.equals(Code.SERVICE_UNAVAILABLE) || code.equals(Code.TOO_MANY_REQUESTS);
            assertThat(refusal.maxAgeSeconds().isPresent()).as(code.toString()).isEqualTo(later);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
