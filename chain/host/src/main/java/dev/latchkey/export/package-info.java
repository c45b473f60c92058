/**
 * One chain as a file that whoever holds its blocks can write: a header, every block, the newest signed checkpoint. Nothing here
 * verifies more than it needs to find the blocks; whoever reads an export does.
 *
 * <p>May import the JDK and the ledger.
 */
package dev.latchkey.export;
