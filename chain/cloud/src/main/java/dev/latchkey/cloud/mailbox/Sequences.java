package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.transaction.MemberRecord;
import java.nio.ByteBuffer;

/**
 * Which of a gateway's sequences were stored, within one epoch of its store: the highest one, and the {@link
 * MailboxLimits#SEQUENCE_WINDOW} up to it one by one. What is older is judged by its content alone. For one thread.
 */
final class Sequences {
    private static final int WORDS = MailboxLimits.SEQUENCE_WINDOW / Long.SIZE;
    private static final int WORDS_OFFSET = MemberRecord.ID_BYTES + Long.BYTES;

    private final Bytes gateway;
    private final long[] words;
    private long highest;

    private Sequences(Bytes gateway, long highest, long[] words) {
        this.gateway = gateway;
        this.highest = highest;
        this.words = words;
    }

    /** None of an epoch that nobody has used before: from now on it is this gateway's. */
    static Sequences none(Bytes gateway) {
        return new Sequences(gateway, 0, new long[WORDS]);
    }

    static Sequences decode(Bytes row) {
        Bytes value = Keys.sized(row, WORDS_OFFSET + WORDS * Long.BYTES);
        long[] words = new long[WORDS];
        ByteBuffer.wrap(value.slice(WORDS_OFFSET, value.size()).toArray())
                .asLongBuffer()
                .get(words);
        Bytes gateway = value.slice(0, MemberRecord.ID_BYTES);
        return new Sequences(gateway, Keys.numberAt(value, MemberRecord.ID_BYTES), words);
    }

    Bytes encode() {
        ByteBuffer window = ByteBuffer.allocate(WORDS * Long.BYTES);
        window.asLongBuffer().put(words);
        return Bytes.concat(gateway, Keys.number(highest), Bytes.wrap(window.array()));
    }

    boolean areOf(Bytes other) {
        return gateway.equals(other);
    }

    /** Whether a message was stored under the sequence; false if it is too old to be known. */
    boolean holds(long sequence) {
        boolean isInside = sequence <= highest && highest - sequence < MailboxLimits.SEQUENCE_WINDOW;
        return isInside && (words[word(sequence)] & bit(sequence)) != 0;
    }

    /** Notes that a message was stored under the sequence. */
    void add(long sequence) {
        if (sequence > highest) {
            long gap = Math.min(sequence - highest, MailboxLimits.SEQUENCE_WINDOW);
            for (long back = 0; back < gap; back++) {
                words[word(sequence - back)] &= ~bit(sequence - back);
            }
            highest = sequence;
        }
        if (highest - sequence < MailboxLimits.SEQUENCE_WINDOW) {
            words[word(sequence)] |= bit(sequence);
        }
    }

    private static int word(long sequence) {
        return (int) (sequence % MailboxLimits.SEQUENCE_WINDOW) / Long.SIZE;
    }

    private static long bit(long sequence) {
        return 1L << sequence % Long.SIZE;
    }
}
