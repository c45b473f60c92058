package dev.latchkey.gateway.enrol;

import java.time.Duration;

/**
 * Whether joins are taken while the cloud is away, and how many.
 *
 * @param allowed whether any is; what was taken before is kept and submitted all the same
 * @param joins how many may wait for the cloud
 * @param life how long one may wait; then it is refused
 * @param sessions how many sessions one provisional member may be in
 * @param outcomes how many refused ones are remembered
 * @param outcomeRetention how long
 */
public record ProvisionalBounds(
        boolean allowed, int joins, Duration life, int sessions, int outcomes, Duration outcomeRetention) {}
