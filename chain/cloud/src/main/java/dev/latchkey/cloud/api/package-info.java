/**
 * The HTTPS API: which paths there are, who may use them, and what travels in their bodies.
 *
 * <p>Default deny: every endpoint names who may call it. Imports the rest of the node; nothing but the node's wiring
 * imports it.
 */
package dev.latchkey.cloud.api;
