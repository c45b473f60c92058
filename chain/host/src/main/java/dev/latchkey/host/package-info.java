/**
 * What any process of the system needs from its machine: files that survive a crash, key files only their owner can
 * read, TLS between parties known by their keys, and the fastest provider of elliptic curves there is.
 *
 * <p>May import the JDK, the ledger and BouncyCastle. Starts no thread, opens no socket, logs nothing.
 */
package dev.latchkey.host;
