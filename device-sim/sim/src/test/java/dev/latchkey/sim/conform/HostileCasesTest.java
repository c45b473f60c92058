package dev.latchkey.sim.conform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines that are no cases: each is answered, and none ends the run. */
class HostileCasesTest {
    private static final String GOOD = "{\"id\":\"good\",\"cbor\":\"00\"}";

    @Test
    void linesThatAreNoCasesAreRejectedOneByOne() {
        Cases cases = new Cases("cbor-strict");
        cases.addLine(GOOD, "good accept");
        cases.addLine("{", "? reject");
        cases.addLine("]", "? reject");
        cases.addLine("no JSON", "? reject");
        cases.addLine("[1]", "? reject");
        cases.addLine("{}", "? reject");
        cases.addLine("{\"cbor\":\"00\"}", "? reject");
        cases.addLine("{\"id\":null,\"cbor\":\"00\"}", "? reject");
        cases.addLine("{\"id\":1.5,\"cbor\":\"00\"}", "? reject");
        cases.addLine("{\"id\":\"two\\nlines\",\"cbor\":\"00\"}", "? reject");
        cases.addLine("{\"id\":\"cut\",\"cbor\":\"00", "cut reject");
        cases.addLine("{\"id\":\"two objects\",\"cbor\":\"00\"} {}", "two objects reject");
        cases.addLine("{\"id\":\"twice\",\"cbor\":\"00\",\"cbor\":\"01\"}", "twice reject");
        cases.addLine("{\"id\":\"missing\"}", "missing reject");
        cases.addLine("{\"id\":\"null\",\"cbor\":null}", "null reject");
        cases.addLine("{\"id\":\"number\",\"cbor\":0}", "number reject");
        cases.addLine("{\"id\":\"list\",\"cbor\":[\"00\"]}", "list reject");
        cases.addLine("{\"id\":\"odd\",\"cbor\":\"000\"}", "odd reject");
        cases.addLine("{\"id\":\"no hex\",\"cbor\":\"0g\"}", "no hex reject");
        cases.addLine("{\"id\":\"empty\",\"cbor\":\"\"}", "empty reject");
        cases.addLine("{\"id\":18446744073709551616,\"cbor\":\"00\"}", "18446744073709551616 accept");
        cases.addLine("{\"id\":\"deep\",\"cbor\":" + "[".repeat(5_000) + "}", "deep reject");
        cases.addLine("{\"id\":\"deep CBOR\",\"cbor\":\"" + "81".repeat(5_000) + "\"}", "deep CBOR reject");
        cases.addLine("{\"id\":\"\u00fcber\",\"cbor\":\"00\"}", "\u00fcber accept");
        cases.addLine(GOOD, "good accept");
        assertThat(cases.check().complaints())
                .contains("latchkey: line 2: broken JSON")
                .contains("latchkey: line 14: field cbor: missing")
                .doesNotContain("Exception");
    }

    @Test
    void integersReachTwoToThe64LessOneAndNoFurther() {
        String hash = "00".repeat(32);
        Cases cases = new Cases("inclusion");
        for (String number : new String[] {
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "-1",
            "1.0",
            "1e3",
            "\"1\"",
            "9".repeat(99),
            "9".repeat(100_000)
        }) {
            String id = number.substring(0, Math.min(20, number.length())).replace('"', '\'');
            cases.addLine(
                    "{\"id\":\"" + id + "\",\"index\":0,\"size\":" + number + ",\"root\":\"" + hash
                            + "\",\"leafHash\":\"" + hash + "\",\"proof\":[]}",
                    id + " reject");
        }
        String complaints = cases.check().complaints();
        assertThat(complaints).contains("line 4: field size: not an integer from 0 to 2^64-1");
        // Up to 2^64-1 it is the judge that says no.
        assertThat(complaints)
                .doesNotContain("line 1:")
                .doesNotContain("line 2:")
                .doesNotContain("line 3:");
    }

    /** An empty list is a value; no list is none, or a tree of nothing would be proved by saying nothing. */
    @Test
    void listsThatAreMissingAreNotEmptyOnes() {
        String zeros = "00".repeat(32);
        Cases trees = new Cases("smt");
        trees.add(
                "empty",
                "accept",
                "path",
                zeros,
                "root",
                zeros,
                "state",
                "absent",
                "proof",
                Cases.object("terminal", "empty", "siblings", List.of()));
        trees.add(
                "missing",
                "reject",
                "path",
                zeros,
                "root",
                zeros,
                "state",
                "absent",
                "proof",
                Cases.object("terminal", "empty"));
        trees.check();
        Cases roots = new Cases("merkle-root");
        roots.add("missing", "reject");
        roots.add("null", "reject", "leaves", null);
        roots.check();
    }

    @Test
    void anUnknownKindIsAWrongCommand() {
        ConformRun run = ConformRun.of("ecdsa", GOOD + "\n");
        assertThat(run.exitCode()).isEqualTo(Cli.USAGE);
        assertThat(run.answers()).isEmpty();
        assertThat(run.complaints()).startsWith("latchkey: no kind ecdsa; there are ecdsa-p1363, ecdh,");
    }

    @Test
    void emptyLinesAndAMissingLastLineEndAreNoFaults() {
        assertThat(ConformRun.of("cbor-strict", "\n" + GOOD + "\r\n  \n" + GOOD).answers())
                .containsExactly("good accept", "good accept");
        assertThat(ConformRun.of("cbor-strict", "").exitCode()).isZero();
    }

    @Test
    void aLineLongerThanTheLimitIsPassedOver() {
        byte[] input = new byte[InputLines.MAX_BYTES + 1_000];
        java.util.Arrays.fill(input, (byte) ' ');
        byte[] next = ("\n" + GOOD + "\n").getBytes(UTF_8);
        input[0] = '{';
        System.arraycopy(next, 0, input, input.length - next.length, next.length);
        assertThat(ConformRun.of("cbor-strict", input).answers()).containsExactly("? reject", "good accept");
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() {
        byte[] input = "{\"id\":\"a\",\"cbor\":\"#\"}\n".getBytes(UTF_8);
        input[18] = (byte) 0xff;
        assertThat(ConformRun.of("cbor-strict", input).answers()).containsExactly("a reject");
    }

    /** Fields of every kind, present or not, with values right, wrong and absurd: one answer a line, no breakdown. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingThatAFieldCanHoldBreaksAJudge(Kind kind) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String lines = random.ints(2_000, 0, Integer.MAX_VALUE)
                .mapToObj(id -> absurd(id, random))
                .collect(Collectors.joining("\n"));
        ConformRun run = ConformRun.of(kind.label(), lines);
        assertThat(run.exitCode()).as("seed %d: %s", seed, run.complaints()).isZero();
        assertThat(run.answers()).as("seed %d", seed).hasSize(2_000);
    }

    private static String absurd(int id, Random random) {
        StringBuilder line = new StringBuilder("{\"id\":").append(id);
        for (String field : new String[] {
            "pub",
            "msg",
            "sig",
            "priv",
            "ikm",
            "salt",
            "info",
            "size",
            "key",
            "nonce",
            "aad",
            "ct",
            "tag",
            "index",
            "root",
            "leafHash",
            "proof",
            "size1",
            "size2",
            "root1",
            "root2",
            "leaves",
            "path",
            "valueHash",
            "state",
            "x",
            "y",
            "d",
            "k",
            "external_aad",
            "message",
            "context_iv",
            "iv",
            "cbor",
            "header"
        }) {
            if (random.nextInt(20) > 0) {
                line.append(",\"").append(field).append("\":").append(value(field, random));
            }
        }
        return line.append('}').toString();
    }

    private static String value(String field, Random random) {
        String[] values = {
            "null",
            "0",
            "1",
            "9223372036854775808",
            "18446744073709551615",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"present\"",
            "\"absent\"",
            "[\"" + "00".repeat(32) + "\"]",
            "{\"terminal\":\"empty\",\"siblings\":[]}",
            "{\"terminal\":\"leaf\",\"leafPath\":\"" + "11".repeat(32) + "\",\"leafValueHash\":\"" + "22".repeat(32)
                    + "\",\"siblings\":[\"" + "00".repeat(32) + "\"]}"
        };
        if (field.equals("message") || field.equals("cbor")) {
            String[] messages = {
                "d28443a10126a054",
                "8440a0f640",
                "8440a0404080",
                "8443a10101a104404081834043a1013818a040",
                "8343a1010aa04040",
                "d8608443a10101a1054c" + "00".repeat(12) + "40818344a101381ca120a40102200121582000".repeat(2)
            };
            return "\"" + messages[random.nextInt(messages.length)] + "\"";
        }
        int size = new int[] {0, 1, 8, 12, 13, 16, 31, 32, 33, 64, 65, 80}[random.nextInt(12)];
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        if (size > 0 && random.nextBoolean()) {
            bytes[0] = (byte) (2 + random.nextInt(3));
        }
        return random.nextBoolean()
                ? values[random.nextInt(values.length)]
                : "\"" + java.util.HexFormat.of().formatHex(bytes) + "\"";
    }
}
