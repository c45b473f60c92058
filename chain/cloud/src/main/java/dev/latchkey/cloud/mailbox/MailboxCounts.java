package dev.latchkey.cloud.mailbox;

import java.util.concurrent.atomic.LongAdder;

/** What a mailbox group did since the node started. Thread-safe. */
public final class MailboxCounts {
    private final LongAdder messages = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder expired = new LongAdder();

    void delivered(long taken, long known) {
        messages.add(taken - known);
        duplicates.add(known);
    }

    void acknowledged(long count) {
        acknowledged.add(count);
    }

    void expired(long count) {
        expired.add(count);
    }

    /** Messages that reached a mailbox. */
    public long messages() {
        return messages.sum();
    }

    /** Messages that every recipient had before. */
    public long duplicates() {
        return duplicates.sum();
    }

    /** Messages that left because their owner has them. */
    public long acknowledged() {
        return acknowledged.sum();
    }

    /** Messages that left unread, because their retention ended. */
    public long expired() {
        return expired.sum();
    }
}
