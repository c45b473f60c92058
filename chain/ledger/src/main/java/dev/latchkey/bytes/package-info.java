/** Value types for byte strings and hashes. Imports nothing but the JDK; everything else in the ledger may import it. */
package dev.latchkey.bytes;
