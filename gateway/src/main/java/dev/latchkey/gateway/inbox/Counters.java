package dev.latchkey.gateway.inbox;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;

/**
 * The counters of one member's inbox, six numbers of eight bytes on disk.
 *
 * @param next the u of the next message
 * @param acknowledged every message up to and with this u is the member's
 * @param cursor every message of the cloud's mailbox up to and with this sequence is known here
 * @param wanted every message of the cloud's mailbox up to and with this sequence may be forgotten there
 * @param told what the cloud has confirmed of {@code wanted}
 * @param bytes size of the waiting messages
 */
record Counters(long next, long acknowledged, long cursor, long wanted, long told, long bytes) {
    /** More messages than any member gets between a copy of the store and its return. */
    static final long RESTORED = 1L << 32;

    static final Counters NONE = new Counters(1, 0, 0, 0, 0, 0);

    static Counters decode(Bytes row) {
        ByteBuffer buffer = ByteBuffer.wrap(row.toArray());
        return new Counters(
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong());
    }

    Bytes encode() {
        return Bytes.wrap(ByteBuffer.allocate(6 * Long.BYTES)
                .putLong(next)
                .putLong(acknowledged)
                .putLong(cursor)
                .putLong(wanted)
                .putLong(told)
                .putLong(bytes)
                .array());
    }

    /** As after a copy of the store has taken its place: what comes gets numbers that were never given. */
    Counters restored() {
        return new Counters(next + RESTORED, acknowledged, cursor, wanted, told, bytes);
    }

    Counters stored(int size) {
        return new Counters(next + 1, acknowledged, cursor, wanted, told, bytes + size);
    }

    Counters withAcknowledged(long u, long freed) {
        return new Counters(next, u, cursor, wanted, told, bytes - freed);
    }

    Counters withCursor(long sequence) {
        return new Counters(next, acknowledged, sequence, wanted, told, bytes);
    }

    Counters withWanted(long sequence) {
        return new Counters(next, acknowledged, cursor, sequence, told, bytes);
    }

    /** Nothing waits, and the cloud's mailbox is read again from where it may be forgotten. */
    Counters emptied() {
        return new Counters(next, next - 1, wanted, wanted, told, 0);
    }

    Counters withTold(long sequence) {
        return new Counters(next, acknowledged, cursor, wanted, sequence, bytes);
    }
}
