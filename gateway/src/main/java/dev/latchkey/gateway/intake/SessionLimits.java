package dev.latchkey.gateway.intake;

import java.time.Duration;

/**
 * What bounds the sessions of a gateway.
 *
 * @param perAuthor open sessions that one member may have opened
 * @param retention how long a session is known after its opener came
 */
public record SessionLimits(int perAuthor, Duration retention) {}
