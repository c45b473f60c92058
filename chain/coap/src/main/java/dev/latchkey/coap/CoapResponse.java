package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A whole response, all blocks of its body put together; immutable.
 *
 * @param code success or the kind of error
 * @param contentFormat the format of the body, if given
 * @param payload the body
 * @param maxAgeSeconds how long it may be cached, or with 4.29 and 5.03 when to come again (0 to 2^32 - 1)
 * @param etag 1 to 8 bytes that name this representation. When the request carries the same one, the server sends 2.03
 *     without body by itself (RFC 7252, section 5.10.6)
 * @param locationPath the segments of Location-Path, with 2.01
 */
public record CoapResponse(
        Code code,
        OptionalInt contentFormat,
        Bytes payload,
        OptionalLong maxAgeSeconds,
        Optional<Bytes> etag,
        List<String> locationPath) {
    private static final long MAX_MAX_AGE = 0xffff_ffffL;
    private static final int MAX_ETAG_BYTES = 8;
    private static final CoapResponse CHANGED = of(Code.CHANGED, OptionalInt.empty(), Bytes.EMPTY);

    public CoapResponse {
        Objects.requireNonNull(code);
        Objects.requireNonNull(contentFormat);
        Objects.requireNonNull(payload);
        if (maxAgeSeconds.isPresent() && (maxAgeSeconds.getAsLong() < 0 || maxAgeSeconds.getAsLong() > MAX_MAX_AGE)) {
            throw new IllegalArgumentException("Max-Age is an unsigned 32-bit number of seconds");
        }
        if (etag.isPresent() && (etag.get().isEmpty() || etag.get().size() > MAX_ETAG_BYTES)) {
            throw new IllegalArgumentException("an ETag has 1 to 8 bytes");
        }
        locationPath = List.copyOf(locationPath);
    }

    /** 2.05 with a body. */
    public static CoapResponse content(int contentFormat, Bytes payload) {
        return of(Code.CONTENT, OptionalInt.of(contentFormat), payload);
    }

    /** 2.04 without a body. */
    public static CoapResponse changed() {
        return CHANGED;
    }

    /** 2.01 with the place of what was made, "/t/ab12". */
    public static CoapResponse created(String path) {
        return new CoapResponse(
                Code.CREATED,
                OptionalInt.empty(),
                Bytes.EMPTY,
                OptionalLong.empty(),
                Optional.empty(),
                PathPattern.segments(path));
    }

    /** 2.01 with the place of what was made and a body. */
    public static CoapResponse created(String path, int contentFormat, Bytes payload) {
        return created(path).withPayload(contentFormat, payload);
    }

    /** 2.02 without a body. */
    public static CoapResponse deleted() {
        return of(Code.DELETED, OptionalInt.empty(), Bytes.EMPTY);
    }

    /** 2.03: what the client holds under this ETag still stands. */
    public static CoapResponse valid(Bytes etag) {
        return of(Code.VALID, OptionalInt.empty(), Bytes.EMPTY).withEtag(etag);
    }

    /** An error with concise problem details (RFC 9290). */
    public static CoapResponse problem(Code code, Problem problem) {
        return of(code, OptionalInt.of(ContentFormat.PROBLEM), problem.encode());
    }

    private static CoapResponse of(Code code, OptionalInt contentFormat, Bytes payload) {
        return new CoapResponse(code, contentFormat, payload, OptionalLong.empty(), Optional.empty(), List.of());
    }

    public CoapResponse withMaxAge(long seconds) {
        return new CoapResponse(code, contentFormat, payload, OptionalLong.of(seconds), etag, locationPath);
    }

    public CoapResponse withEtag(Bytes value) {
        return new CoapResponse(code, contentFormat, payload, maxAgeSeconds, Optional.of(value), locationPath);
    }

    private CoapResponse withPayload(int format, Bytes body) {
        return new CoapResponse(code, OptionalInt.of(format), body, maxAgeSeconds, etag, locationPath);
    }
}
