package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.util.Map;

/** What a request gets. Immutable. */
public sealed interface Answer {
    /** The media type of the body. */
    String mediaType();

    /** Further headers. */
    Map<String, String> headers();

    /**
     * An answer that is known in full.
     *
     * @param status the HTTP status
     * @param mediaType the media type of the body
     * @param headers further headers
     * @param body the body
     */
    record Whole(int status, String mediaType, Map<String, String> headers, Bytes body) implements Answer {}

    /**
     * An answer of status 200 that is written piece by piece.
     *
     * @param mediaType the media type of the whole
     * @param headers further headers
     * @param pieces the pieces
     */
    record Stream(String mediaType, Map<String, String> headers, Pieces pieces) implements Answer {}

    /** 200 with a body that must not be kept by caches. */
    static Answer ok(String mediaType, Bytes body) {
        return new Whole(200, mediaType, Map.of("Cache-Control", "no-store"), body);
    }

    /** 200 with a body that never changes. */
    static Answer immutable(String mediaType, Bytes body) {
        return new Whole(200, mediaType, Map.of("Cache-Control", "private, max-age=86400, immutable"), body);
    }

    /** 200 with pieces. */
    static Answer stream(String mediaType, Pieces pieces) {
        return new Stream(mediaType, Map.of("Cache-Control", "no-store"), pieces);
    }
}
