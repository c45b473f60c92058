package dev.latchkey.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CborSequenceTest {
    private static final int MAX = 1_000;
    private static final List<Item> ITEMS = List.of(
            Cbor.array(Cbor.uint(7), Cbor.bytes(Bytes.wrap(new byte[300])), Cbor.NULL),
            Cbor.NULL,
            Cbor.map(Cbor.text("key"), Cbor.array(Cbor.integer(-70_000), Cbor.real(1.5), Cbor.bool(true))),
            Cbor.array(Cbor.uint(Long.MAX_VALUE), Cbor.text("")));

    @Test
    void readsWhatWasWrittenItemByItem() throws Exception {
        CborSequence sequence = sequence(Cbor.encodeSequence(ITEMS));
        for (Item item : ITEMS) {
            assertThat(sequence.next()).contains(item);
        }
        assertThat(sequence.next()).isEmpty();
    }

    @Test
    void aSequenceThatEndsWithinAnItemIsAFault() throws Exception {
        Bytes whole = Cbor.encode(ITEMS.get(2));
        for (int size = 1; size < whole.size(); size++) {
            CborSequence cut = sequence(whole.slice(0, size));
            assertThatThrownBy(cut::next).isInstanceOf(MalformedCborException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5903e9", // longer than allowed
                "5b7fffffffffffffff", // so long that only a fool would make room for it
                "5bffffffffffffffff", // longer than any number says
                "9b00000000ffffffff", // more elements than bytes allowed
                "bb7fffffffffffffff", // more entries than numbers reach
                "9fff", // no definite length
                "1c", // a reserved length
                "81818181818181818100", // nested too deep
                "1801" // not the shortest form
            })
    void whatIsNoItemIsRefusedAtOnce(String hex) {
        assertThatThrownBy(() -> sequence(Bytes.fromHex(hex)).next()).isInstanceOf(MalformedCborException.class);
    }

    private static CborSequence sequence(Bytes bytes) {
        return new CborSequence(new ByteArrayInputStream(bytes.toArray()), MAX);
    }
}
