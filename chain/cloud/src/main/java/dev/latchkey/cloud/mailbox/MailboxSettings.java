package dev.latchkey.cloud.mailbox;

import java.time.Duration;

/**
 * What the mailboxes may take, and how long. Immutable. Of a cluster's nodes those of the leader count.
 *
 * @param perMailbox what may wait in one mailbox
 * @param perNetwork what may wait in the mailboxes of one chain's members
 * @param keepBytes a mailbox with more loses its oldest messages, if they are old enough
 * @param keepAtLeast how old a message is at least when it is lost because of its mailbox' bytes
 */
public record MailboxSettings(Quota perMailbox, Quota perNetwork, long keepBytes, Duration keepAtLeast) {
    /** What holds unless the settings say otherwise. */
    public static final MailboxSettings USUAL = new MailboxSettings(
            new Quota(1_000_000, 512L << 20), new Quota(20_000_000, 8L << 30), 512L << 20, Duration.ofHours(24));
}
