/**
 * What who runs a network does: makes it, lets in and puts out, and governs. Each verb shows what it will sign, asks, signs
 * and waits for the receipt; what operators sign apart travels between them as a file.
 *
 * <p>Imports ledger, host and console, and of the cloud node only {@code export}'s client of it, so that it may run on a
 * machine that never runs one.
 */
package dev.latchkey.cloud.operator;
