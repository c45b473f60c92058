/**
 * What a gateway takes from its members: serve tickets, openers and readings, checked as far as can be without the keys
 * to open them, and on disk before anybody is told. Imports {@code replica}, {@code store}, {@code outbox}, {@code inbox}
 * and the verifying half of the envelope.
 */
package dev.latchkey.gateway.intake;
