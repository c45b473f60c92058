/**
 * The cloud node: {@link dev.latchkey.cloud.CloudNode} is the one object graph, {@link dev.latchkey.cloud.CloudMain} the
 * command line. The rooms below: {@code raft} and {@code store} are adapters, {@code chain} and {@code mailbox} the work,
 * {@code http} and {@code api} the face, {@code operator} the commands of who runs a network.
 */
package dev.latchkey.cloud;
