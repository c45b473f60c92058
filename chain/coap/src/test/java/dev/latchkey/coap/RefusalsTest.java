package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.protocol.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final Pattern ROW = Pattern.compile("\\| ([45]\\.[0-9]{2}) \\| `([a-z-]+)` \\| .* \\|");

    @Test
    void theReadmeListsWhatTheAdapterAnswersByItself() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                documented.add(row.group(1) + " " + row.group(2));
            }
        }
        Set<String> sent = new TreeSet<>();
        for (CoapResponse refusal : CoapsServer.refusals()) {
            sent.add(refusal.code() + " " + Problem.decode(refusal.payload()).code());
        }
        assertThat(documented).isEqualTo(sent);
    }
}
