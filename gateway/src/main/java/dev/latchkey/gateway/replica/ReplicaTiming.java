package dev.latchkey.gateway.replica;

import java.time.Duration;

/**
 * How often heads change and how long they are kept.
 *
 * @param checkpointInterval least time between two new heads: a reader caches a checkpoint for as long
 * @param headsKept how long a head stays answerable after the next one took its place
 */
public record ReplicaTiming(Duration checkpointInterval, Duration headsKept) {}
