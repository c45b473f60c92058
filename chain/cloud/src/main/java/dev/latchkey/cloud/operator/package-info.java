/**
 * What who runs a network does: makes it, and lets devices in. Works on files only.
 *
 * <p>Imports ledger, host and console; nothing of the cloud node, so that it may run on a machine that never runs one.
 */
package dev.latchkey.cloud.operator;
