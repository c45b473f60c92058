package dev.latchkey.device;

/** How sure a device makes that its gateway has a reading. */
public enum Delivery {
    /** CON (RFC 7252, section 4.2): the same bytes again until the gateway says that they are on its disk. */
    CONFIRMED,
    /**
     * NON (RFC 7252, section 4.3): sent once. Whether it arrived is told only if the gateway's answer comes through. What
     * opens a session is confirmed all the same, since nothing after it could be opened without.
     */
    BEST_EFFORT
}
