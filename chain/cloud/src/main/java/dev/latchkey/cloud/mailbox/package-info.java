/**
 * The mailboxes: ciphertext that waits for its reader.
 *
 * <p>Imports the ledger's protocol, {@code raft} and {@code store}; knows nothing of HTTP or chains. The life of a
 * message: {@link dev.latchkey.cloud.mailbox.MailboxCommand.Deliver} carries it through the log with all that was
 * resolved before, {@link dev.latchkey.cloud.mailbox.MailboxMachine} gives it a sequence and writes it,
 * {@link dev.latchkey.cloud.mailbox.Mailboxes} reads it, and an acknowledgement or the retention's end removes it. {@link dev.latchkey.cloud.mailbox.MailboxShards} are all
 * mailboxes of a node, in one Raft group or several.
 */
package dev.latchkey.cloud.mailbox;
