package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Optional;

/**
 * A recovery by operators that waits, in the directory under {@code !r/NAME}: {@code [due ms, [sig, kex, dtls],
 * next-key-digest / null]}; {@code null} once it is done or vetoed.
 *
 * @param dueMillis header time from which it takes effect
 * @param keys the new keys
 * @param nextKey commitment to the sig key after this one
 */
public record PendingRecovery(long dueMillis, MemberKeys keys, Optional<Digest> nextKey) {
    /** What stands in the directory when nothing waits any more. */
    public static final Bytes NONE = Cbor.encode(Cbor.NULL);

    private static final int MAX_BYTES = 256;

    /** The directory's name for what waits for a member; the grammar of names cannot produce it. */
    public static String directoryName(String member) {
        return "!r/" + member;
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(Cbor.uint(dueMillis), keys.item(), Fields.optional(nextKey)));
    }

    /** Reads the directory's value; nothing, if nothing waits. */
    public static Optional<PendingRecovery> decode(Bytes encoded) throws MalformedTransactionException {
        try {
            Item item = Cbor.decode(encoded, MAX_BYTES);
            if (item.isNull()) {
                return Optional.empty();
            }
            List<Item> parts = item.asArray(3);
            return Optional.of(new PendingRecovery(
                    parts.get(0).asUint(), MemberKeys.fromItem(parts.get(1)), Fields.optionalDigest(parts.get(2))));
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a pending recovery", e);
        }
    }
}
