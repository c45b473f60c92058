package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request to send; immutable.
 *
 * @param method what it asks for
 * @param path the Uri-Path segments, not encoded
 * @param query the Uri-Query parameters; an empty value is sent as the bare name
 * @param contentFormat the format of the body
 * @param accept the format that is asked for
 * @param payload the body; sent in blocks when it does not fit one datagram
 * @param etag of what the client holds: the answer may be 2.03
 * @param ifMatch the ETag under which alone something may be changed
 * @param confirmable CON, repeated until acknowledged; else NON, sent once
 */
public record ClientRequest(
        Method method,
        List<String> path,
        Map<String, String> query,
        OptionalInt contentFormat,
        OptionalInt accept,
        Bytes payload,
        Optional<Bytes> etag,
        Optional<Bytes> ifMatch,
        boolean confirmable) {
    public ClientRequest {
        Objects.requireNonNull(method);
        path = List.copyOf(path);
        query = Map.copyOf(query);
        Objects.requireNonNull(contentFormat);
        Objects.requireNonNull(accept);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(etag);
        Objects.requireNonNull(ifMatch);
    }

    /** A confirmable GET of "/k/d-1". */
    public static ClientRequest get(String path) {
        return of(Method.GET, path);
    }

    /** A confirmable DELETE. */
    public static ClientRequest delete(String path) {
        return of(Method.DELETE, path);
    }

    /** A confirmable POST with a body. */
    public static ClientRequest post(String path, int contentFormat, Bytes payload) {
        return of(Method.POST, path).withPayload(contentFormat, payload);
    }

    /** A confirmable request without body. */
    public static ClientRequest of(Method method, String path) {
        return new ClientRequest(
                method,
                PathPattern.segments(path),
                Map.of(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Bytes.EMPTY,
                Optional.empty(),
                Optional.empty(),
                true);
    }

    public ClientRequest withQuery(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, value);
        return new ClientRequest(method, path, more, contentFormat, accept, payload, etag, ifMatch, confirmable);
    }

    public ClientRequest withQuery(String name, long value) {
        return withQuery(name, Long.toString(value));
    }

    public ClientRequest withPayload(int format, Bytes body) {
        return new ClientRequest(method, path, query, OptionalInt.of(format), accept, body, etag, ifMatch, confirmable);
    }

    public ClientRequest withAccept(int format) {
        return new ClientRequest(
                method, path, query, contentFormat, OptionalInt.of(format), payload, etag, ifMatch, confirmable);
    }

    public ClientRequest withEtag(Bytes value) {
        return new ClientRequest(
                method, path, query, contentFormat, accept, payload, Optional.of(value), ifMatch, confirmable);
    }

    /** Only if the resource still has this ETag (RFC 7252, section 5.10.8.1). */
    public ClientRequest withIfMatch(Bytes value) {
        return new ClientRequest(
                method, path, query, contentFormat, accept, payload, etag, Optional.of(value), confirmable);
    }

    /** The same as NON: best effort, sent once, with an answer or without (RFC 7252, section 4.3). */
    public ClientRequest nonConfirmable() {
        return new ClientRequest(method, path, query, contentFormat, accept, payload, etag, ifMatch, false);
    }
}
