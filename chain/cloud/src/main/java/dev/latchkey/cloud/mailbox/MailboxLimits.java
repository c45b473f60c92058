package dev.latchkey.cloud.mailbox;

import java.time.Duration;

/**
 * Bounds that are part of what apply computes, so all nodes of a cluster have the same; they are no settings.
 * Stateless. What may wait, which is a setting, stands in each entry.
 */
final class MailboxLimits {
    /** Different bodies kept for one sender, session and Partial IV: the cloud cannot tell which one is genuine. */
    static final int MAX_BODIES = 4;

    /**
     * The same, with those of gateways that brought no other body for it. One gateway's garbage may fill the four places;
     * a gateway that brought nothing yet still has one.
     */
    static final int MAX_BODIES_OF_ALL = 16;

    /** How far behind its highest sequence a gateway's sequences are told apart; more than some batches. */
    static final int SEQUENCE_WINDOW = 4_096;

    /**
     * What was seen is forgotten by the period: that of one period when the retention of its last moment has ended. Two to
     * four periods are looked into for each message.
     */
    static final long PERIOD_MILLIS = Duration.ofDays(15).toMillis();

    /** Mailboxes that one expire entry cuts, so that no entry takes long. */
    static final int MAX_CUTS = 1_024;

    private MailboxLimits() {}
}
