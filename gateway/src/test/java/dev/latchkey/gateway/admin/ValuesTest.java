package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final Map<String, Object> TREE = tree();

    private static Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", "north");
        tree.put("none", null);
        tree.put("up", true);
        tree.put("lag", -3L);
        tree.put("list", Arrays.asList("a", 1L, null, List.of(), Map.of("deep", false)));
        return tree;
    }

    @Test
    void everyValueComesBack() throws Exception {
        assertThat(Values.decodeMap(Values.encode(TREE))).isEqualTo(TREE);
        assertThat(Values.decode(Values.encode(null))).isNull();
        assertThat(Values.decode(Values.encode(7))).isEqualTo(7L);
    }

    @Test
    void bytesAreHexadecimalDigits() throws Exception {
        Bytes bytes = Bytes.fromHex("00ff10");
        assertThat(Values.decode(Values.encode(List.of(bytes)))).isEqualTo(List.of("00ff10"));
        assertThat(Values.decode(Cbor.encode(Cbor.bytes(bytes)))).isEqualTo("00ff10");
    }

    @Test
    void whatIsCutShortOrNoSuchValueIsRefused() {
        Bytes whole = Values.encode(TREE);
        for (int length = 0; length < whole.size(); length++) {
            Bytes cut = whole.slice(0, length);
            assertThatExceptionOfType(MalformedCborException.class).isThrownBy(() -> Values.decode(cut));
        }
        assertThatExceptionOfType(MalformedCborException.class)
                .isThrownBy(() -> Values.decode(Cbor.encode(Cbor.real(1.5))));
        assertThatExceptionOfType(MalformedCborException.class)
                .isThrownBy(() -> Values.decode(Cbor.encode(Cbor.map(Cbor.uint(1), Cbor.uint(2)))));
        assertThatExceptionOfType(MalformedCborException.class)
                .isThrownBy(() -> Values.decodeMap(Cbor.encode(Cbor.array())));
        assertThatExceptionOfType(MalformedCborException.class)
                .isThrownBy(() -> Values.decode(Values.encode("x".repeat(Values.MAX_TEXT + 1))));
        assertThatExceptionOfType(MalformedCborException.class)
                .isThrownBy(() -> Values.decode(Bytes.wrap(new byte[Values.MAX_BYTES + 1])));
        assertThatIllegalArgumentException().isThrownBy(() -> Values.encode(1.5));
    }
}
