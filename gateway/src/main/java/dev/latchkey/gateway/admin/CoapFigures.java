package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapCounts;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What the endpoint of the devices counts, by the names that status and metrics have in common. Stateless. */
final class CoapFigures {
    /**
     * A count.
     *
     * @param name words with hyphens between them
     * @param grows whether it only grows, from the start on
     */
    record Count(String name, boolean grows, ToLongFunction<CoapCounts> value) {
        /** As the status has it. */
        String status() {
            return "coap-" + name;
        }

        /** What it is, on one line. */
        String help() {
            return "Of the endpoint of the devices: " + name.replace('-', ' ') + (grows ? ", since the start." : ".");
        }

        /** As Prometheus has it. */
        String metric() {
            return "latchkey_gateway_coap_" + name.replace('-', '_') + (grows ? "_total" : "");
        }
    }

    static final List<Count> ALL = List.of(
            total("requests", CoapCounts::requests),
            now("requests-in-flight", CoapCounts::requestsInFlight),
            total("rate-limited", CoapCounts::rateLimited),
            total("overloaded", CoapCounts::overloaded),
            now("observations", CoapCounts::observations),
            total("notifications", CoapCounts::notifications),
            total("observations-refused", CoapCounts::observationsRefused),
            now("transfers", CoapCounts::transfers),
            total("uploads-refused", CoapCounts::uploadsRefused),
            now("handshakes-pending", CoapCounts::handshakesPending),
            total("handshakes-begun", CoapCounts::handshakesBegun),
            total("handshakes-completed", CoapCounts::handshakesCompleted),
            total("handshakes-failed", CoapCounts::handshakesFailed),
            total("handshakes-refused", CoapCounts::handshakesRefused),
            total("hellos-refused", CoapCounts::hellosRefused),
            total("connections-refused", CoapCounts::connectionsRefused),
            total("connections-replaced", CoapCounts::connectionsReplaced),
            total("connections-expired", CoapCounts::connectionsExpired),
            total("records", CoapCounts::recordsReceived),
            total("records-dropped", CoapCounts::recordsDropped),
            total("mac-errors", CoapCounts::macErrors));

    private CoapFigures() {}

    /** Puts them into the values of a status. */
    static void addTo(Map<String, Object> values, CoapCounts counts) {
        ALL.forEach(count -> values.put(count.status(), count.value().applyAsLong(counts)));
    }

    private static Count total(String name, ToLongFunction<CoapCounts> value) {
        return new Count(name, true, value);
    }

    private static Count now(String name, ToLongFunction<CoapCounts> value) {
        return new Count(name, false, value);
    }
}
