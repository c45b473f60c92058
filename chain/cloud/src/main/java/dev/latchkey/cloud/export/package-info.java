/**
 * A chain as blocks one after the other, from wherever it lies: an export file, the directory of a stopped node, a
 * running node. And {@code latchkey export}, which makes the first from the other two.
 *
 * <p>Imports ledger, host, console, and the chain store of {@code chain}. Nothing here verifies more than it needs to
 * find the blocks; {@code audit} does.
 */
package dev.latchkey.cloud.export;
