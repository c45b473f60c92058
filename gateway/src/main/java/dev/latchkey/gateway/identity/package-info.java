/**
 * The gateway's own keys, and those that are to take their place.
 *
 * <p>May import nothing else of the gateway.
 */
package dev.latchkey.gateway.identity;
