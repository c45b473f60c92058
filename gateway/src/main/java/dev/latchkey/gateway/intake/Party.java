package dev.latchkey.gateway.intake;

import dev.latchkey.cose.KeyId;

/**
 * A member of a session, by the key the opener lists it with.
 *
 * @param name the member's name
 * @param kid of the author its sig key, of a recipient its kex key
 */
record Party(String name, KeyId kid) {}
