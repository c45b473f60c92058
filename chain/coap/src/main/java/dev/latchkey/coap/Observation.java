package dev.latchkey.coap;

/** A running observation (RFC 7641); safe for use by many threads. */
public interface Observation {
    /**
     * Ends it: no notification is handed over after this returned, but for one that is being handed over. The server
     * learns of it at once when it can be reached, else with its next notification.
     */
    void cancel();

    /** Whether notifications may still come. */
    boolean isActive();
}
