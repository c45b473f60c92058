package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.ProofException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyProofTest {
    private final TestNetwork network = new TestNetwork();

    @Test
    void findsWhoIsThereAndWhoIsNotAtSeveralSizes() throws Exception {
        for (int members = 0; members < 10; members++) {
            VerifiedCheckpoint under = Proving.checkpoint(network.state);
            for (String name : List.of("admin", "d-0", "d-4", "d-9", "nobody", "nobody.else")) {
                Bytes answer = KeyProof.answer(network.state, name);
                KeyFinding finding = KeyProof.find(under, name, answer);
                assertThat(finding.name()).isEqualTo(name);
                assertThat(finding.under()).isSameAs(under);
                if (network.state.member(name).isPresent()) {
                    assertThat(KeyProof.verify(under, name, answer).record())
                            .isEqualTo(network.state.member(name).orElseThrow());
                } else {
                    assertThat(finding).isInstanceOf(VerifiedAbsence.class);
                    refused(Reason.ABSENT, () -> KeyProof.verify(under, name, answer));
                }
            }
            network.joined("d-" + members);
        }
    }

    @Test
    void absenceIsNotProvedForWhoIsThereNorPresenceForWhoIsNot() throws Exception {
        network.joined("d-1");
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        Item present = Cbor.decode(KeyProof.answer(network.state, "d-1"), KeyProof.MAX_BYTES);
        Item absent = Cbor.decode(KeyProof.answer(network.state, "d-2"), KeyProof.MAX_BYTES);
        Item record = present.asArray(2).get(0);
        Item presence = present.asArray(2).get(1);
        Item absence = absent.asArray(2).get(1);

        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-1", answer(Cbor.NULL, presence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-1", answer(Cbor.NULL, absence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-1", answer(record, absence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-2", answer(record, presence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-2", answer(record, absence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-2", answer(Cbor.NULL, presence)));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(under, "d-3", Cbor.encode(present)));
    }

    /** A name that the grammar cannot produce leads to the policy, which is no record. */
    @Test
    void whatIsNoRecordIsNobodysKey() {
        Bytes answer = KeyProof.answer(network.state, "!policy");
        refused(Reason.MALFORMED, () -> KeyProof.find(Proving.checkpoint(network.state), "!policy", answer));
    }

    @Test
    void anAnswerHoldsUnderNoOtherCheckpoint() {
        network.joined("d-1");
        Bytes present = KeyProof.answer(network.state, "d-1");
        Bytes absent = KeyProof.answer(network.state, "d-2");
        VerifiedCheckpoint wrong = Proving.verified(Proving.with(network.state.checkpoint(), Digest.ZERO));
        network.joined("d-2");
        VerifiedCheckpoint later = Proving.checkpoint(network.state);

        refused(Reason.WRONG_ROOT, () -> KeyProof.find(wrong, "d-1", present));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(later, "d-1", present));
        refused(Reason.WRONG_ROOT, () -> KeyProof.find(later, "d-2", absent));
    }

    @Test
    void everySpoiltAnswerIsRefused() throws Exception {
        network.joined("d-1");
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        for (String name : List.of("d-1", "d-2")) {
            for (Bytes spoilt : Proving.spoilt(KeyProof.answer(network.state, name))) {
                refused(() -> KeyProof.find(under, name, spoilt));
            }
        }
    }

    private static Bytes answer(Item record, Item proof) {
        return Cbor.encode(Cbor.array(record, proof));
    }
}
