/**
 * What waits at this gateway for the members it serves, and which messages of their mailboxes in the cloud it stands
 * for. Imports {@code store} and the ledger's value types.
 */
package dev.latchkey.gateway.inbox;
