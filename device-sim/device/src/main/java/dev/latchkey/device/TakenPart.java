package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest moment at which a session began in which this device took part, and which ones those were: it takes part in
 * none that is older, and in each once. On disk {@code [began, [* session id]]}. Immutable.
 *
 * @param beganMillis header time of the block that the sessions are bound to, milliseconds since 1970
 * @param sessions those of that block
 */
record TakenPart(long beganMillis, List<Digest> sessions) {
    /** No session yet. */
    static final TakenPart NEVER = new TakenPart(0, List.of());

    private static final int MAX_SESSIONS = 32;
    private static final int MAX_BYTES = 2_048;

    TakenPart {
        sessions = List.copyOf(sessions);
    }

    /** When it is not known in which sessions this device took part: in none that may have begun by now. */
    static TakenPart until(Instant now) {
        return new TakenPart(now.toEpochMilli(), List.of());
    }

    /** The same after one session more; nothing if this device may not take part in that. */
    Optional<TakenPart> with(Digest session, Instant began) {
        long millis = began.toEpochMilli();
        if (millis > beganMillis) {
            return Optional.of(new TakenPart(millis, List.of(session)));
        }
        boolean another = millis == beganMillis
                && !sessions.isEmpty()
                && sessions.size() < MAX_SESSIONS
                && !sessions.contains(session);
        if (!another) {
            return Optional.empty();
        }
        List<Digest> all = new ArrayList<>(sessions);
        all.add(session);
        return Optional.of(new TakenPart(millis, all));
    }

    Bytes encode() {
        List<Item> ids = new ArrayList<>();
        sessions.forEach(session -> ids.add(Cbor.bytes(session.bytes())));
        return Cbor.encode(Cbor.array(Cbor.uint(beganMillis), Cbor.array(ids)));
    }

    /** Nothing if it is damaged. */
    static Optional<TakenPart> decode(Bytes kept) {
        try {
            List<Item> parts = Cbor.decode(kept, MAX_BYTES).asArray(2);
            List<Digest> ids = new ArrayList<>();
            for (Item id : parts.get(1).asArray(0, MAX_SESSIONS)) {
                ids.add(Digest.of(id.asBytes(Digest.SIZE)));
            }
            return Optional.of(new TakenPart(parts.get(0).asUint(), ids));
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }
}
