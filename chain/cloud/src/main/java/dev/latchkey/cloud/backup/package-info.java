/**
 * A node's chains and mailboxes in one file that says itself whether it is whole, and back: {@code latchkey backup} from a
 * running node, {@code latchkey restore} into an empty directory.
 *
 * <p>Imports the stores of {@code chain} and {@code mailbox}, {@code export} for what lies beyond a backup, and ledger, host,
 * console. What a block says is verified here in full before it is written anywhere.
 */
package dev.latchkey.cloud.backup;
