package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ConsistencyProof;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a checkpoint continues the one that a device remembers. The one remembered was verified when it was taken up, by
 * this device, so that no signature of it is checked again. Stateless.
 */
final class Continuity {
    private static final int MAX_PATH = 64;

    /** How a checkpoint that verifies stands to the one remembered. */
    enum Relation {
        /** The same body. */
        SAME,
        /** Of a lower height: old, and to be passed over. */
        OLDER,
        /** Higher: a path must show that it continues the one remembered. */
        NEWER,
        /** Both cannot be true, whatever path is shown. */
        CONTRADICTS
    }

    private Continuity() {}

    static Relation relation(Checkpoint remembered, Checkpoint told) {
        if (told.equals(remembered)) {
            return Relation.SAME;
        }
        if (told.height() == remembered.height()) {
            return Relation.CONTRADICTS;
        }
        return told.height() < remembered.height() ? Relation.OLDER : Relation.NEWER;
    }

    /** Whether the path leads from the one remembered to the newer one; policy number and header time never fall. */
    static boolean isShown(Checkpoint remembered, Checkpoint newer, Bytes answer) {
        return newer.policyNumber() >= remembered.policyNumber()
                && newer.timeMillis() >= remembered.timeMillis()
                && isPath(remembered, newer, answer);
    }

    /** Whether what looks like a checkpoint is under a policy that another has replaced. */
    static boolean isOfPolicyBefore(Bytes encoded, long policyNumber) {
        try {
            return SignedCheckpoint.decode(encoded).checkpoint().policyNumber() < policyNumber;
        } catch (MalformedCheckpointException e) {
            return false;
        }
    }

    private static boolean isPath(Checkpoint remembered, Checkpoint newer, Bytes answer) {
        try {
            List<Digest> path = new ArrayList<>();
            for (Item element : Cbor.decode(answer, ConsistencyProof.MAX_BYTES).asArray(0, MAX_PATH)) {
                path.add(Digest.of(element.asBytes(Digest.SIZE)));
            }
            return Rfc9162.isConsistent(
                    remembered.height() + 1, remembered.historyRoot(), newer.height() + 1, newer.historyRoot(), path);
        } catch (MalformedCborException e) {
            return false;
        }
    }
}
