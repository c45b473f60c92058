package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Endpoint;
import dev.latchkey.cloud.http.Pieces;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers GET as JSON for who asks for JSON: an item as itself, a sequence as an array with one element on each line,
 * also while it streams. Stateless, but for the streams it makes.
 */
final class JsonForPeople {
    /** What the places of arrays mean, where a route's answer or each element of its sequence is one array. */
    private static final Map<String, List<String>> PLACES = Map.of(
            "/v1/chains",
            List.of("id", "name", "height"),
            "/v1/chains/{c}",
            List.of("id", "network", "name", "height", "block-hash", "directory-root", "members"),
            "/v1/chains/{c}/blocks",
            List.of("height", "block", "checkpoint"),
            "/v1/mailboxes/{c}/{name}/state",
            List.of("last", "acknowledged", "waiting", "bytes", "oldest-ms", "expired", "expired-up-to"),
            "/v1/mailboxes/{c}/{name}",
            List.of("sequence", "gateway", "sender", "session", "received-ms", "content-format", "message"));

    private JsonForPeople() {}

    /** The route, with its endpoint's CBOR answers as JSON too if it is a GET. */
    static Route of(Route route) {
        if (!route.method().equals("GET")) {
            return route;
        }
        List<String> places = PLACES.getOrDefault(route.template(), List.of());
        Endpoint cbor = route.endpoint();
        return new Route(
                route.method(),
                route.path(),
                route.maxBodyBytes(),
                route.gate(),
                call -> wantsJson(call)
                        ? cbor.answer(call).thenApply(answer -> json(answer, places))
                        : cbor.answer(call));
    }

    private static boolean wantsJson(Call call) {
        return MediaTypes.wantsJson(call.header().apply("Accept").orElse(null));
    }

    private static Answer json(Answer answer, List<String> places) {
        boolean sequence = answer.mediaType().equals(MediaTypes.CBOR_SEQUENCE);
        if (answer instanceof Answer.Stream stream && sequence) {
            return new Answer.Stream(MediaTypes.JSON, varied(stream.headers()), new Lines(stream.pieces(), places));
        }
        if (!(answer instanceof Answer.Whole whole) || whole.status() != 200) {
            return answer;
        }
        if (sequence) {
            Lines lines = new Lines(new None(), places);
            return whole(whole, lines.text(whole.body()) + lines.end());
        }
        if (whole.mediaType().equals(MediaTypes.COSE_RECEIPT)) {
            // tagged as other libraries expect it, which our own bodies never are
            return whole(whole, Json.text(Map.of("cose-sign1", whole.body().toHex())) + "\n");
        }
        boolean cbor =
                whole.mediaType().equals(MediaTypes.CBOR) || whole.mediaType().equals(MediaTypes.CHECKPOINT);
        return cbor ? whole(whole, JsonView.of(items(whole.body()).get(0), places) + "\n") : answer;
    }

    private static Answer whole(Answer.Whole cbor, String text) {
        return new Answer.Whole(cbor.status(), MediaTypes.JSON, varied(cbor.headers()), Bytes.utf8(text));
    }

    /** Another form of the same thing has another tag. */
    private static Map<String, String> varied(Map<String, String> headers) {
        Map<String, String> varied = new LinkedHashMap<>(headers);
        varied.put("Vary", "Accept");
        varied.computeIfPresent("ETag", (name, tag) -> EntityTags.ofJson(tag));
        return varied;
    }

    private static List<Item> items(Bytes encoded) {
        try {
            return Cbor.decodeSequence(encoded, Math.max(1, encoded.size()));
        } catch (MalformedCborException e) {
            throw new IllegalStateException("an answer of ours is not deterministic CBOR", e);
        }
    }

    /** Nothing follows. */
    private static final class None implements Pieces {
        @Override
        public CompletionStage<Optional<Bytes>> next() {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    /** Pieces of a sequence as lines of an array. For one stream; its methods are called by turns. */
    private static final class Lines implements Pieces {
        private final Pieces cbor;
        private final List<String> places;
        private boolean begun;
        private boolean ended;

        Lines(Pieces cbor, List<String> places) {
            this.cbor = cbor;
            this.places = places;
        }

        @Override
        public CompletionStage<Optional<Bytes>> next() {
            return cbor.next().thenApply(piece -> {
                if (piece.isPresent()) {
                    return Optional.of(Bytes.utf8(text(piece.get())));
                }
                if (ended) {
                    return Optional.empty();
                }
                ended = true;
                return Optional.of(Bytes.utf8(end()));
            });
        }

        String text(Bytes piece) {
            List<String> lines = new ArrayList<>();
            for (Item item : piece.isEmpty() ? List.<Item>of() : items(piece)) {
                lines.add(JsonView.of(item, places));
            }
            if (lines.isEmpty()) {
                return "";
            }
            String before = begun ? ",\n" : "[\n";
            begun = true;
            return before + String.join(",\n", lines);
        }

        String end() {
            return begun ? "\n]\n" : "[]\n";
        }

        @Override
        public void close() {
            cbor.close();
        }
    }
}
