package dev.latchkey.gateway.inbox;

/**
 * How much of a member's inbox is read.
 *
 * @param delivered messages that were ever put into it
 * @param acknowledged messages that the member has acknowledged, or that were forgotten here when it was served no more
 * @param bytes what the waiting ones take on disk
 */
public record InboxDepth(long delivered, long acknowledged, long bytes) {
    /** Messages that wait. */
    public long messages() {
        return delivered - acknowledged;
    }
}
