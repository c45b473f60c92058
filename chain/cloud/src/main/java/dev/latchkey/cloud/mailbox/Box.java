package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.Keys;

/**
 * The state of one mailbox. Immutable. What waits has the sequences after {@code removed} up to {@code last}, without
 * gaps: messages leave from the oldest on, so counting is subtracting.
 *
 * @param last the last sequence given
 * @param removed everything up to this sequence is gone
 * @param acknowledged everything up to this sequence was acknowledged
 * @param appendedBytes bytes of all messages that ever came
 * @param removedBytes bytes of those that are gone
 * @param expired messages whose retention ended before anybody acknowledged them
 * @param expiredUpTo the sequence of the newest of those
 * @param network chain of the owner when the last message came, zeros before; on its account stands what waits
 */
record Box(
        long last,
        long removed,
        long acknowledged,
        long appendedBytes,
        long removedBytes,
        long expired,
        long expiredUpTo,
        Digest network) {
    /** A mailbox that nothing was ever put into. */
    static final Box EMPTY = new Box(0, 0, 0, 0, 0, 0, 0, Digest.ZERO);

    private static final int NETWORK_OFFSET = 7 * Long.BYTES;

    static Box decode(Bytes row) {
        Bytes value = Keys.sized(row, NETWORK_OFFSET + Digest.SIZE);
        return new Box(
                Keys.numberAt(value, 0),
                Keys.numberAt(value, 8),
                Keys.numberAt(value, 16),
                Keys.numberAt(value, 24),
                Keys.numberAt(value, 32),
                Keys.numberAt(value, 40),
                Keys.numberAt(value, 48),
                Digest.of(value.slice(NETWORK_OFFSET, NETWORK_OFFSET + Digest.SIZE)));
    }

    Bytes encode() {
        return Bytes.concat(
                Keys.number(last),
                Keys.number(removed),
                Keys.number(acknowledged),
                Keys.number(appendedBytes),
                Keys.number(removedBytes),
                Keys.number(expired),
                Keys.number(expiredUpTo),
                network.bytes());
    }

    long messages() {
        return last - removed;
    }

    long bytes() {
        return appendedBytes - removedBytes;
    }

    /** With one message more. */
    Box with(int size) {
        return new Box(
                last + 1, removed, acknowledged, appendedBytes + size, removedBytes, expired, expiredUpTo, network);
    }

    /** On the account of a network. */
    Box of(Digest owner) {
        return new Box(last, removed, acknowledged, appendedBytes, removedBytes, expired, expiredUpTo, owner);
    }

    /** Without the messages up to a sequence that its owner has. */
    Box acknowledged(long upTo, long bytesUpTo) {
        return new Box(
                last,
                Math.max(removed, upTo),
                Math.max(acknowledged, upTo),
                appendedBytes,
                Math.max(removedBytes, bytesUpTo),
                expired,
                expiredUpTo,
                network);
    }

    /** Without the messages up to a sequence, which is greater than {@code removed}, that nobody read. */
    Box expired(long upTo, long bytesUpTo) {
        return new Box(last, upTo, acknowledged, appendedBytes, bytesUpTo, expired + upTo - removed, upTo, network);
    }
}
