package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole request, all blocks of its body put together; immutable.
 *
 * @param method what it asks for
 * @param path the decoded Uri-Path segments
 * @param query the Uri-Query parameters by name; one without "=" has the empty value. A name given twice never gets
 *     here
 * @param contentFormat the format of the body, if given
 * @param accept the format that is asked for, if given
 * @param payload the body, at most the server's limit
 * @param etag the first ETag of the request; see {@link CoapResponse#etag()}
 * @param ifMatch the ETag under which alone something may be changed, if given (RFC 7252, section 5.10.8.1); only with
 *     iPATCH, elsewhere a request with it is refused
 * @param confirmable whether it came as CON
 * @param peer who sent it
 * @param variables what stands at the place of each {name} of the route's path
 * @param source where its datagram came from: tells peers not apart, and changes when the peer's address does
 */
public record CoapRequest(
        Method method,
        List<String> path,
        Map<String, String> query,
        OptionalInt contentFormat,
        OptionalInt accept,
        Bytes payload,
        Optional<Bytes> etag,
        Optional<Bytes> ifMatch,
        boolean confirmable,
        Peer peer,
        Map<String, String> variables,
        InetSocketAddress source) {
    public CoapRequest {
        Objects.requireNonNull(method);
        path = List.copyOf(path);
        query = Map.copyOf(query);
        Objects.requireNonNull(contentFormat);
        Objects.requireNonNull(accept);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(etag);
        Objects.requireNonNull(ifMatch);
        Objects.requireNonNull(peer);
        variables = Map.copyOf(variables);
        Objects.requireNonNull(source);
    }

    /** A request that came in no datagram, without condition: its source has no address. */
    public CoapRequest(
            Method method,
            List<String> path,
            Map<String, String> query,
            OptionalInt contentFormat,
            OptionalInt accept,
            Bytes payload,
            Optional<Bytes> etag,
            boolean confirmable,
            Peer peer,
            Map<String, String> variables) {
        this(
                method,
                path,
                query,
                contentFormat,
                accept,
                payload,
                etag,
                Optional.empty(),
                confirmable,
                peer,
                variables,
                InetSocketAddress.createUnresolved("", 0));
    }

    /**
     * The value at a {name} of the route's path.
     *
     * @throws IllegalArgumentException if the route has no such variable
     */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no such variable");
        }
        return value;
    }

    /** A query parameter, if given. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }
}
