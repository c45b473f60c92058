package dev.latchkey.sim.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cases of one kind with the answers they should get, to be run through the command. */
final class Cases {
    private final String kind;
    private final List<String> lines = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    Cases(String kind) {
        this.kind = kind;
    }

    /** Adds a case from names and values in turn. */
    void add(String id, String answer, Object... fields) {
        Map<String, Object> object = object(fields);
        object.put("id", id);
        addLine(Json.text(object), id + " " + answer);
    }

    /** Adds a line as it is, and the whole line that answers it. */
    void addLine(String line, String answerLine) {
        lines.add(line);
        expected.add(answerLine);
    }

    int size() {
        return lines.size();
    }

    /** Runs all and expects exactly the answers, in order, and a run that ends well. */
    ConformRun check() {
        assertThat(lines).isNotEmpty();
        ConformRun run = ConformRun.of(kind, String.join("\n", lines) + "\n");
        assertThat(run.answers()).containsExactlyElementsOf(expected);
        assertThat(run.exitCode()).isZero();
        return run;
    }

    /** Fields from names and values in turn; byte strings and hashes become hexadecimal digits. */
    static Map<String, Object> object(Object... fields) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            object.put((String) fields[i], plain(fields[i + 1]));
        }
        return object;
    }

    static String verdict(boolean accepted) {
        return accepted ? "accept" : "reject";
    }

    private static Object plain(Object value) {
        if (value instanceof Bytes bytes) {
            return bytes.toHex();
        }
        if (value instanceof Digest digest) {
            return digest.toHex();
        }
        return value instanceof List<?> list ? list.stream().map(Cases::plain).toList() : value;
    }
}
