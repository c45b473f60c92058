package dev.latchkey.sim.hand;

import dev.latchkey.console.Json;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DigestReport;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Returned;
import dev.latchkey.device.Unopened;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What arrives, for programs: one JSON object a line, on standard output. Runs on the device's lane. */
final class ReceivedJson implements InboxListener {
    private final ReadingNames names;
    private final Runnable printed;
    private final Consumer<DeviceException> shutOut;

    /**
     * @param printed run after each reading
     * @param shutOut told when the gateway knows the device no more
     */
    ReceivedJson(ReadingNames names, Runnable printed, Consumer<DeviceException> shutOut) {
        this.names = names;
        this.printed = printed;
        this.shutOut = shutOut;
    }

    @Override
    public void received(Received pack) {
        for (Measurement measurement : pack.contents().measurements()) {
            Map<String, Object> line =
                    line("value", names.sender(pack), pack.session().toHex());
            pack.partialIv().ifPresent(number -> line.put("reading", number));
            line.put("time", measurement.time().toString());
            line.put("name", ReadingNames.quantity(pack, measurement));
            measurement.value().ifPresent(value -> line.put("value", plain(value)));
            measurement.sum().ifPresent(sum -> line.put("sum", sum));
            measurement.unit().ifPresent(unit -> line.put("unit", unit));
            line.put("late", pack.contents().late());
            print(line);
        }
        printed.run();
    }

    @Override
    public void unopened(Unopened message) {
        Map<String, Object> line =
                line("unopened", message.sender(), message.session().toHex());
        line.put("reason", message.reason());
        print(line);
    }

    @Override
    public void returned(Returned readings) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("kind", "returned");
        line.put("to", readings.recipient());
        line.put("session", readings.session().toHex());
        line.put("reason", readings.reason());
        line.put(
                "readings",
                readings.readings().stream()
                        .map(range -> List.of(range.first(), range.last()))
                        .toList());
        print(line);
    }

    @Override
    public void shutOut(DeviceException why) {
        shutOut.accept(why);
    }

    @Override
    public void digest(DigestReport report) {
        String verdict = report.confirmation().verdict().name().toLowerCase(Locale.ROOT);
        Map<String, Object> line = line(
                verdict,
                names.sender(report.chainName(), report.sender()),
                report.session().toHex());
        line.put("readings", report.confirmation().missing());
        print(line);
    }

    private static Map<String, Object> line(String kind, String from, String session) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("kind", kind);
        line.put("from", from);
        line.put("session", session);
        return line;
    }

    private static void print(Map<String, Object> line) {
        System.out.println(Json.text(line));
        System.out.flush();
    }

    private static Object plain(Value value) {
        if (value instanceof Value.Number number) {
            return number.number();
        }
        if (value instanceof Value.Text text) {
            return text.text();
        }
        return value instanceof Value.Flag flag
                ? (Object) flag.flag()
                : ((Value.Data) value).data().toHex();
    }
}
