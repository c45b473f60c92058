package dev.latchkey.cloud.mailbox;

/**
 * Bounds of one mailbox. They are part of what apply computes, so all nodes of a cluster have the same; they are no
 * settings. Stateless.
 */
final class MailboxLimits {
    /** Messages that wait in one mailbox: at one a minute, more than two months. */
    static final long MAX_MESSAGES = 100_000;

    /** Their bytes: what is sent to somebody who never reads must not fill the disk. */
    static final long MAX_BYTES = 64L << 20;

    /** Different bodies kept for one sender, session and Partial IV: the cloud cannot tell which one is genuine. */
    static final int MAX_BODIES = 4;

    /** Rows that one expire entry removes, so that no entry takes long. */
    static final int MAX_EXPIRED = 4_096;

    private MailboxLimits() {}
}
