/**
 * Messages on their way to the cloud: accepted, on disk, in order, until the cloud has them. Imports {@code store} and
 * the ledger's value types.
 */
package dev.latchkey.gateway.outbox;
