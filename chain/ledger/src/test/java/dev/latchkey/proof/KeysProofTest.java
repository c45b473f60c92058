package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.ProofException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysProofTest {
    private static final List<String> MIXED = List.of("d-3", "nobody", "d-0", "admin", "d-99");
    private final TestNetwork network = new TestNetwork();

    @BeforeEach
    void join() {
        IntStream.range(0, 8).forEach(i -> network.joined("d-" + i));
    }

    @Test
    void findsEachNameInTheOrderOfTheQuestion() throws Exception {
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        List<KeyFinding> findings = KeysProof.verify(under, MIXED, KeysProof.answer(network.state, MIXED));

        assertThat(findings).extracting(KeyFinding::name).isEqualTo(MIXED);
        for (KeyFinding finding : findings) {
            assertThat(finding.under()).isSameAs(under);
            if (finding instanceof VerifiedKey key) {
                assertThat(key.record())
                        .isEqualTo(network.state.member(key.name()).orElseThrow());
            } else {
                assertThat(network.state.member(finding.name())).isEmpty();
            }
        }
        assertThat(findings).filteredOn(VerifiedKey.class::isInstance).hasSize(3);
    }

    @Test
    void sixteenNamesShareTheirNodes() throws Exception {
        List<String> sixteen = IntStream.range(0, 16).mapToObj(i -> "d-" + i).toList();
        Bytes together = KeysProof.answer(network.state, sixteen);
        int apart = sixteen.stream()
                .mapToInt(name -> KeyProof.answer(network.state, name).size())
                .sum();

        assertThat(KeysProof.verify(Proving.checkpoint(network.state), sixteen, together))
                .hasSize(16);
        assertThat(together.size()).isLessThan(apart * 2 / 3);
    }

    @Test
    void everySpoiltAnswerIsRefused() {
        List<String> names = List.of("d-1", "nobody", "d-2");
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        for (Bytes spoilt : Proving.spoilt(KeysProof.answer(network.state, names))) {
            refused(() -> KeysProof.verify(under, names, spoilt));
        }
    }

    @Test
    void recordsThatAreSwappedLeftOutOrAddedAreRefused() throws Exception {
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        List<Item> parts = Cbor.decode(KeysProof.answer(network.state, MIXED), KeysProof.MAX_BYTES)
                .asArray(3);
        List<Item> records = parts.get(0).asArray();
        for (int i = 0; i < MIXED.size(); i++) {
            for (int j = i + 1; j < MIXED.size(); j++) {
                List<Item> swapped = new ArrayList<>(records);
                Collections.swap(swapped, i, j);
                if (!swapped.equals(records)) {
                    refused(() -> KeysProof.verify(under, MIXED, answer(swapped, parts)));
                }
            }
            List<Item> absent = new ArrayList<>(records);
            absent.set(i, records.get(i).isNull() ? records.get(0) : Cbor.NULL);
            refused(() -> KeysProof.verify(under, MIXED, answer(absent, parts)));
        }
        refused(Reason.MALFORMED, () -> KeysProof.verify(under, MIXED, answer(records.subList(1, 5), parts)));
        List<Item> more = new ArrayList<>(records);
        more.add(Cbor.NULL);
        refused(Reason.MALFORMED, () -> KeysProof.verify(under, MIXED, answer(more, parts)));
    }

    @Test
    void anAnswerIsForItsNamesAndItsCheckpointOnly() {
        Bytes answer = KeysProof.answer(network.state, MIXED);
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        VerifiedCheckpoint wrong = Proving.verified(Proving.with(network.state.checkpoint(), Digest.ZERO));

        refused(Reason.WRONG_ROOT, () -> KeysProof.verify(wrong, MIXED, answer));
        refused(() -> KeysProof.verify(under, List.of("d-4", "nobody", "d-0", "admin", "d-99"), answer));
        refused(() -> KeysProof.verify(under, List.of("d-3", "d-5", "d-0", "admin", "d-99"), answer));
        refused(Reason.MALFORMED, () -> KeysProof.verify(under, List.of("d-3"), answer));
    }

    @Test
    void aQuestionHasOneToSixteenDifferentNames() {
        for (List<String> names : List.of(
                List.<String>of(),
                List.of("d-1", "d-1"),
                IntStream.range(0, 17).mapToObj(i -> "d-" + i).toList())) {
            assertThat(KeysProof.isQuestion(names)).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> KeysProof.answer(network.state, names));
        }
    }

    private static Bytes answer(List<Item> records, List<Item> parts) {
        return Cbor.encode(Cbor.array(Cbor.array(records), parts.get(1), parts.get(2)));
    }
}
