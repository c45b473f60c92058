package dev.latchkey.sim.hand;

import dev.latchkey.console.Json;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Value;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What arrives as SenML (RFC 8428): one pack a line, resolved, its names under that of the proved sender. Runs on the
 * consumer's lane.
 */
final class SenMlLines implements InboxListener {
    private final PrintStream out;
    private final PrintStream errors;

    SenMlLines(PrintStream out, PrintStream errors) {
        this.out = out;
        this.errors = errors;
    }

    /** Nobody reads any more what is printed. */
    static final class ClosedPipe extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClosedPipe() {
            super("the output is closed", null, false, false);
        }
    }

    /** Each line is flushed, and counts as delivered only then. */
    @Override
    public void received(Received pack) {
        List<Object> records = new ArrayList<>();
        pack.contents().measurements().forEach(measurement -> records.add(record(measurement)));
        out.println(Json.text(records));
        if (out.checkError()) {
            throw new ClosedPipe();
        }
    }

    @Override
    public void unopened(Unopened message) {
        errors.println("latchkey: not opened: from " + message.sender() + ", " + message.reason());
    }

    @Override
    public void lost(long messages, long newest) {
        errors.println("latchkey: lost unread: " + messages + " messages since the mailbox exists, the newest of them "
                + newest);
    }

    private static Map<String, Object> record(Measurement measurement) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("n", measurement.name());
        measurement.unit().ifPresent(unit -> record.put("u", unit));
        measurement.value().ifPresent(value -> put(record, value));
        measurement.sum().ifPresent(sum -> record.put("s", sum));
        record.put("t", seconds(measurement.time()));
        return record;
    }

    private static void put(Map<String, Object> record, Value value) {
        if (value instanceof Value.Number number) {
            record.put("v", number.number());
        } else if (value instanceof Value.Text text) {
            record.put("vs", text.text());
        } else if (value instanceof Value.Flag flag) {
            record.put("vb", flag.flag());
        } else {
            byte[] data = ((Value.Data) value).data().toArray();
            record.put("vd", Base64.getUrlEncoder().withoutPadding().encodeToString(data));
        }
    }

    private static BigDecimal seconds(Instant time) {
        BigDecimal exact = BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
        BigDecimal stripped = exact.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
