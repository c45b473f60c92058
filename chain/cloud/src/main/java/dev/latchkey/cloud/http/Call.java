package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSession;

/**
 * One request, its body read in full. Immutable.
 *
 * @param variables what stood in the path in the places of the route's variables
 * @param query the query parameters, each at most once
 * @param header a look-up of request headers by name
 * @param tls the TLS session
 * @param remote where the request came from
 * @param body the body, empty if the route takes none
 */
public record Call(
        Map<String, String> variables,
        Map<String, String> query,
        Function<String, Optional<String>> header,
        SSLSession tls,
        InetAddress remote,
        Bytes body) {

    /** The same call with its body. */
    Call with(Bytes read) {
        return new Call(variables, query, header, tls, remote, read);
    }

    /** What stood in the path in the place of a variable of the route. */
    public String variable(String name) {
        return variables.get(name);
    }

    /**
     * A query parameter that is a number from 0 to {@code max}, or the fallback where it is missing.
     *
     * @throws Refusal 400 if it is something else
     */
    public long number(String name, long fallback, long max) {
        String text = query.get(name);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("[0-9]{1,19}")) {
            throw Refusal.badRequest("a query parameter is not a number");
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("a query parameter is too large");
        }
        if (value > max) {
            throw Refusal.badRequest("a query parameter is too large");
        }
        return value;
    }

    /** A query parameter that is a number and must be there. */
    public long number(String name, long max) {
        if (!query.containsKey(name)) {
            throw Refusal.badRequest("a query parameter is missing");
        }
        return number(name, 0, max);
    }

    /** Whether a query parameter is 1. */
    public boolean flag(String name) {
        return number(name, 0, 1) == 1;
    }
}
