package dev.latchkey.decoders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked examples of chain/WIRE.md are what the code makes; whoever changes a format changes the page. */
class WireExamplesTest {
    private static final Path PAGE = Path.of(System.getProperty("latchkey.root"), "chain", "WIRE.md");

    @Test
    void thePageShowsWhatTheCodeMakes() throws Exception {
        Map<String, Bytes> made = WireExamples.all();
        Map<String, Bytes> shown = shown();

        assertThat(shown.keySet()).as("labels in WIRE.md").containsExactlyElementsOf(made.keySet());
        made.forEach(
                (label, bytes) -> assertThat(shown.get(label).toHex()).as(label).isEqualTo(bytes.toHex()));
    }

    /**
     * The examples on the page: a label and a colon, then lines of hex, each up to a semicolon; a label in braces stands for the
     * bytes of an example further up.
     */
    private static Map<String, Bytes> shown() throws Exception {
        Map<String, Bytes> shown = new LinkedHashMap<>();
        String label = "";
        boolean inside = false;
        for (String line : section()) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside && line.endsWith(":") && !line.startsWith(" ")) {
                label = line.substring(0, line.length() - 1);
                shown.put(label, Bytes.EMPTY);
            } else if (inside) {
                for (String token : line.split(";", 2)[0].split(" ")) {
                    Bytes more = token.startsWith("{")
                            ? shown.get(token.substring(1, token.length() - 1))
                            : Bytes.fromHex(token);
                    shown.put(label, Bytes.concat(shown.get(label), more));
                }
            }
        }
        return shown;
    }

    private static List<String> section() throws Exception {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                inside = line.equals("## Worked examples");
            } else if (inside) {
                lines.add(line);
            }
        }
        return lines;
    }
}
