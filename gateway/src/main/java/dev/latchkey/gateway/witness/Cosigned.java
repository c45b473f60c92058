package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.List;

/**
 * What this gateway cosigned last for a chain, {@code [bstr .cbor checkpoint, seconds]}.
 *
 * @param checkpoint as the replicas had signed it
 * @param seconds the moment in the cosignature, seconds since 1970
 */
record Cosigned(SignedCheckpoint checkpoint, long seconds) {
    private static final int MAX_BYTES = SignedCheckpoint.MAX_BYTES + 32;

    Checkpoint body() {
        return checkpoint.checkpoint();
    }

    Bytes encode() {
        return Cbor.encode(Cbor.array(Cbor.bytes(checkpoint.encode()), Cbor.uint(seconds)));
    }

    static Cosigned decode(Bytes row) {
        try {
            List<Item> parts = Cbor.decode(row, MAX_BYTES).asArray(2);
            return new Cosigned(
                    SignedCheckpoint.decode(parts.get(0).asBytes()),
                    parts.get(1).asUint());
        } catch (MalformedCborException | MalformedCheckpointException e) {
            throw new IllegalStateException("this witness wrote it", e);
        }
    }
}
