/**
 * The one adapter to Jetty: HTTP/2 and HTTP/1.1 over TLS 1.3, from requests as values to answers as futures or streams.
 *
 * <p>No Jetty type leaves this package. Nothing here knows what a chain is. Endpoints run on the worker pool, never on a
 * thread that serves connections.
 */
package dev.latchkey.cloud.http;
