package dev.latchkey.sim.bench.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.senml.Pack;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is compared does what it is compared for: each message opens to the pack, and only as it was sealed. */
class SealingsTest {
    static Stream<Sealing> sealings() {
        return Sealings.all().stream();
    }

    @ParameterizedTest
    @MethodSource("sealings")
    void opensToThePack(Sealing sealing) throws Exception {
        // Written anew: the sample has its keys in the order of the RFC's examples.
        Bytes pack = Pack.fromCbor(SamplePack.CBOR).toCbor();
        sealing.prepare();
        List<Bytes> messages = List.of(sealing.seal(), sealing.seal());
        assertThat(messages.get(0)).isNotEqualTo(messages.get(1));
        for (Bytes message : messages) {
            Optional<Pack> opened = sealing.open(message);
            boolean holdsOne =
                    !(sealing instanceof OwnOpener) || sealing.title().contains("with the pack");
            assertThat(opened.map(Pack::toCbor)).isEqualTo(holdsOne ? Optional.of(pack) : Optional.empty());
        }
    }

    @ParameterizedTest
    @MethodSource("sealings")
    void doesNotOpenWhatWasChanged(Sealing sealing) throws Exception {
        sealing.prepare();
        byte[] changed = sealing.seal().toArray();
        // In base64url the lowest bits of the last digit may mean nothing.
        int at = changed.length - 2;
        changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
        assertThatThrownBy(() -> sealing.open(Bytes.wrap(changed))).isInstanceOf(Exception.class);
    }

    @Test
    void thePackHasTheSizesThatAreQuoted() {
        assertThat(SamplePack.CBOR.size()).isEqualTo(23);
        assertThat(SamplePack.json().size()).isEqualTo(49);
    }
}
