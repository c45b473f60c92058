package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.host.CounterFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions of others this device has taken up to send in them: each once, provably. Used from the device's lane.
 *
 * <p>What a recipient sends with follows from the opener alone, so an opener that is taken up a second time begins again
 * with keys and nonces that were used. It comes a second time after a crash before the session was noted in in/, and
 * whenever in/ was lost or put back. The list is a state of {@link CounterFiles}, so it is whole or missing; and it is
 * whole since a moment, by the device's clock: a session that began before that is not taken up.
 */
final class Claims {
    /** Sessions remembered; to forget one is to take up none that began before it. */
    static final int MAX_SESSIONS = 64;

    /** No name of a member has spaces. */
    static final String KEY = "sessions that others opened";

    private static final String FORMAT = "latchkey claimed sessions";
    private static final int VERSION = 1;
    private static final int MAX_FORMAT_BYTES = 64;

    private final CounterFiles counters;
    private Optional<Claimed> known = Optional.empty();

    /** Whether there was no list when this process asked for it. */
    private boolean begunHere;

    Claims(CounterFiles counters) {
        this.counters = counters;
    }

    private record Claim(Digest session, long beganMillis) {}

    private record Claimed(long sinceMillis, List<Claim> sessions) {}

    /**
     * Takes a session up.
     *
     * @param began when the session began, as the block that it is bound to tells
     * @param started when this process took the directory, by the clock of now: from then on it knows what was taken up
     * @param now the device's clock. Where it is behind the block of the session, it cannot tell what began before what
     * @return whether this is provably the first time
     * @throws IOException if that could not be kept; then it was not the first time
     */
    boolean claim(Digest session, Instant began, Instant started, Instant now) throws IOException {
        Claimed before = known(started);
        known = Optional.of(before);
        if (began.isAfter(now)) {
            return false;
        }
        boolean again =
                before.sessions().stream().anyMatch(each -> each.session().equals(session));
        if (again || began.toEpochMilli() <= before.sinceMillis()) {
            return false;
        }
        List<Claim> sessions = new ArrayList<>(before.sessions());
        sessions.add(new Claim(session, began.toEpochMilli()));
        long since = before.sinceMillis();
        if (sessions.size() > MAX_SESSIONS) {
            Claim oldest = sessions.stream()
                    .min(Comparator.comparingLong(Claim::beganMillis))
                    .orElseThrow();
            sessions.remove(oldest);
            since = oldest.beganMillis();
        }
        keep(new Claimed(since, sessions));
        return true;
    }

    /** A list that began in this process is whole since its start, which a clock that was set since tells otherwise. */
    private Claimed known(Instant started) {
        if (known.isEmpty()) {
            Optional<Claimed> kept = read();
            begunHere = kept.isEmpty();
            known = Optional.of(kept.orElse(new Claimed(started.toEpochMilli(), List.of())));
        }
        Claimed is = known.get();
        return begunHere ? new Claimed(Math.max(is.sinceMillis(), started.toEpochMilli()), is.sessions()) : is;
    }

    /** Begins with no session taken up, ever: for keys that nobody can have known before. */
    void begin() throws IOException {
        begunHere = false;
        keep(new Claimed(0, List.of()));
    }

    /** What could not be kept counts all the same as long as this process lives. */
    private void keep(Claimed claimed) throws IOException {
        known = Optional.of(claimed);
        counters.keep(KEY, encode(claimed));
    }

    private static Bytes encode(Claimed claimed) {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.uint(Math.max(0, claimed.sinceMillis())),
                Cbor.array(claimed.sessions().stream()
                        .map(each -> Cbor.array(Cbor.bytes(each.session().bytes()), Cbor.uint(each.beganMillis())))
                        .toList())));
    }

    private Optional<Claimed> read() {
        Optional<Bytes> state = counters.read(KEY);
        if (state.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Item> parts =
                    Cbor.decode(state.get(), CounterFiles.MAX_STATE_BYTES).asArray(4);
            if (!parts.get(0).asText(MAX_FORMAT_BYTES).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                return Optional.empty();
            }
            List<Claim> sessions = new ArrayList<>();
            for (Item each : parts.get(3).asArray(0, MAX_SESSIONS)) {
                List<Item> of = each.asArray(2);
                sessions.add(new Claim(
                        Digest.of(of.get(0).asBytes(Digest.SIZE)), of.get(1).asUint()));
            }
            return Optional.of(new Claimed(parts.get(2).asUint(), sessions));
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }
}
