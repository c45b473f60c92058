package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.console.Json;
import dev.latchkey.protocol.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problem details: concise CBOR (RFC 9290), or JSON (RFC 9457) for who asks for it. Stateless. */
public final class Problems {
    private static final Map<String, String> HEADERS = Map.of("Cache-Control", "no-store");
    private static final Map<String, String> LATER = Map.of("Cache-Control", "no-store", "Retry-After", "1");

    private Problems() {}

    /** The answer for a refusal; {@code accept} is the request's Accept header and may be null. */
    public static Answer.Whole answer(Refusal refusal, String accept) {
        Map<String, String> headers = new LinkedHashMap<>(refusal.status() == 503 ? LATER : HEADERS);
        headers.putAll(refusal.headers());
        if (MediaTypes.wantsJson(accept)) {
            return new Answer.Whole(refusal.status(), MediaTypes.PROBLEM_JSON, headers, json(refusal));
        }
        Bytes body = new Problem(refusal.code(), refusal.getMessage()).encode();
        return new Answer.Whole(refusal.status(), MediaTypes.PROBLEM_CBOR, headers, body);
    }

    private static Bytes json(Refusal refusal) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", ProblemTypes.uri(refusal.status(), refusal.code()));
        members.put("title", refusal.code());
        members.put("status", refusal.status());
        members.put("detail", refusal.getMessage());
        return Bytes.utf8(Json.text(members));
    }
}
