/**
 * {@code latchkey explore}: looks at a running node and shows only what it has proved for itself, from a chain id on.
 *
 * <p>Uses the client of {@code export}, the names of {@code audit}, and what an operator's directory says of its chains;
 * imports no server.
 */
package dev.latchkey.cloud.explore;
