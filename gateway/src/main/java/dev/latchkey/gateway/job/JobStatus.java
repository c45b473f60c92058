package dev.latchkey.gateway.job;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a job is at one moment.
 *
 * @param id counted from 1 since the gateway started
 * @param unit what is counted: messages, blocks, bytes
 * @param done how much of it is done
 * @param total how much there is, 0 when that is not known
 * @param message what it is at, or what came of it
 * @param error why it failed
 * @param endedMillis when it ended; empty while it runs
 */
public record JobStatus(
        long id,
        JobKind kind,
        State state,
        String unit,
        long done,
        long total,
        String message,
        Optional<String> error,
        long startedMillis,
        OptionalLong endedMillis) {
    /** What has become of a job. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The values by name. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", id);
        values.put("kind", kind.toString());
        values.put("state", state.toString());
        values.put("done", done);
        values.put("total", total);
        values.put("unit", unit);
        values.put("message", message);
        values.put("error", error.orElse(null));
        values.put("started-ms", startedMillis);
        values.put("ended-ms", endedMillis.isPresent() ? endedMillis.getAsLong() : null);
        return values;
    }
}
