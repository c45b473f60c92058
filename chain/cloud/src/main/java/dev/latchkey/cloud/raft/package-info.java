/**
 * The one adapter to Apache Ratis: a server with a fixed set of groups, each of which orders the entries of one
 * {@link dev.latchkey.cloud.raft.GroupMachine}.
 *
 * <p>No Ratis type leaves this package. It imports nothing of Latchkey but {@code dev.latchkey.bytes}.
 */
package dev.latchkey.cloud.raft;
