package dev.latchkey.gateway.uplink;

import java.time.Duration;

/**
 * How long the gateway waits for the cloud.
 *
 * @param connect longest time to connect
 * @param answer longest time until an answer begins
 * @param node of several nodes, longest time until an answer of one begins before the next one is asked
 * @param silence longest time without a byte in an open stream, which the cloud feeds at least every 10 s
 * @param firstRetry wait before the first new try; doubled each time
 * @param longestRetry longest wait between tries
 */
public record CloudTiming(
        Duration connect,
        Duration answer,
        Duration node,
        Duration silence,
        Duration firstRetry,
        Duration longestRetry) {}
