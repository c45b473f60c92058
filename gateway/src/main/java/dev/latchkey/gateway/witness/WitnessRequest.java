package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Somebody asks for a cosignature: {@code [old-height: uint / null, path: [* digest], bstr .cbor checkpoint]}.
 *
 * @param oldHeight what the witness cosigned last, as the asker believes; none if nothing
 * @param path consistency proof from that height to the checkpoint's; nobody looks at it where the witness has the blocks
 * @param checkpoint the checkpoint with the replicas' signatures
 */
public record WitnessRequest(OptionalLong oldHeight, List<Digest> path, SignedCheckpoint checkpoint) {
    /** Longest encoded request in bytes: a full path and a checkpoint with all signatures. */
    public static final int MAX_BYTES = SignedCheckpoint.MAX_BYTES + 3 * 1024;

    private static final int MAX_PATH = 64;

    public WitnessRequest {
        path = List.copyOf(path);
    }

    public Bytes encode() {
        List<Item> hashes = new ArrayList<>();
        path.forEach(digest -> hashes.add(Cbor.bytes(digest.bytes())));
        return Cbor.encode(Cbor.array(
                oldHeight.isPresent() ? Cbor.uint(oldHeight.getAsLong()) : Cbor.NULL,
                Cbor.array(hashes),
                Cbor.bytes(checkpoint.encode())));
    }

    /** Reads a request; empty if the bytes are none. */
    public static Optional<WitnessRequest> decode(Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(3);
            OptionalLong old = parts.get(0).isNull()
                    ? OptionalLong.empty()
                    : OptionalLong.of(parts.get(0).asUint());
            List<Digest> path = new ArrayList<>();
            for (Item hash : parts.get(1).asArray(0, MAX_PATH)) {
                path.add(Digest.of(hash.asBytes(Digest.SIZE)));
            }
            Bytes checkpoint = parts.get(2).asBytes();
            return Optional.of(new WitnessRequest(old, path, SignedCheckpoint.decode(checkpoint)));
        } catch (MalformedCborException | MalformedCheckpointException e) {
            return Optional.empty();
        }
    }
}
