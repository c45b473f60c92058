/**
 * The resource directory (RFC 9176): which members offer what at which address, as they say themselves. Link format (RFC
 * 6690) is read strictly. Imports {@code store} and {@code replica}.
 */
package dev.latchkey.gateway.directory;
