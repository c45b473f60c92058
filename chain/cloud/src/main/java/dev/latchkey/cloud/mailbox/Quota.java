package dev.latchkey.cloud.mailbox;

/**
 * How much may wait at most. Immutable. The leader writes it into each entry, so that all nodes judge by the same.
 *
 * @param messages messages
 * @param bytes their bytes
 */
public record Quota(long messages, long bytes) {
    /** The room that is left when others have taken theirs. */
    public Quota without(Usage taken) {
        return new Quota(Math.max(0, messages - taken.messages()), Math.max(0, bytes - taken.bytes()));
    }

    /** What one more message of a size would exceed. */
    Excess exceededBy(Usage usage, int size) {
        if (usage.messages() + 1 > messages) {
            return Excess.MESSAGES;
        }
        return usage.bytes() + size > bytes ? Excess.BYTES : Excess.NONE;
    }

    enum Excess {
        NONE,
        MESSAGES,
        BYTES
    }
}
