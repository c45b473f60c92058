package dev.latchkey.coap;

import java.util.LinkedHashMap;
import java.util.Map;

/** The DTLS cipher suites that a server offers. Stateless. */
public final class OfferedSuites {
    private OfferedSuites() {}

    /** By name, each with whether this machine's cryptographic providers have what it takes. */
    public static Map<String, Boolean> byName() {
        Map<String, Boolean> suites = new LinkedHashMap<>();
        CoapSettings.SERVER_SUITES.forEach(suite -> suites.put(suite.name(), suite.isSupported()));
        return suites;
    }
}
