package dev.latchkey.sim.hand;

import dev.latchkey.bytes.Digest;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DigestReport;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Returned;
import dev.latchkey.device.Unopened;
import dev.latchkey.envelope.Confirmation.Verdict;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What arrives, for people: readings on standard output, trouble on standard error. Runs on the device's lane. */
final class ReceivedText implements InboxListener {
    private final ReadingNames names;
    private final Runnable printed;
    private final Consumer<DeviceException> shutOut;
    private final Set<Digest> incomplete = new HashSet<>();

    /**
     * @param printed run after each reading
     * @param shutOut told when the gateway knows the device no more
     */
    ReceivedText(ReadingNames names, Runnable printed, Consumer<DeviceException> shutOut) {
        this.names = names;
        this.printed = printed;
        this.shutOut = shutOut;
    }

    @Override
    public void received(Received pack) {
        for (Measurement measurement : pack.contents().measurements()) {
            System.out.println(measurement.time() + "  " + names.sender(pack) + "  "
                    + ReadingNames.quantity(pack, measurement) + "  " + value(measurement)
                    + measurement.unit().map(unit -> " " + unit).orElse("")
                    + (pack.contents().late() ? "  (late)" : ""));
        }
        System.out.flush();
        printed.run();
    }

    @Override
    public void unopened(Unopened message) {
        System.err.println("latchkey: a message from " + message.sender() + " was not opened: " + message.reason());
    }

    @Override
    public void returned(Returned readings) {
        String which = readings.readings().isEmpty()
                ? "nothing but the opener"
                : "readings "
                        + readings.readings().stream()
                                .map(range -> range.first() + (range.last() > range.first() ? "-" + range.last() : ""))
                                .collect(Collectors.joining(", "));
        System.err.println("latchkey: not read by " + readings.recipient() + ", which the chain refused ("
                + readings.reason() + "): " + which);
    }

    @Override
    public void shutOut(DeviceException why) {
        shutOut.accept(why);
    }

    @Override
    public void digest(DigestReport report) {
        Verdict verdict = report.confirmation().verdict();
        String from = names.sender(report.chainName(), report.sender());
        if (verdict == Verdict.MISSING) {
            incomplete.add(report.session());
            System.err.println("latchkey: missing from " + from + ": readings "
                    + numbers(report.confirmation().missing())
                    + ", which its gateway acknowledged and which have not arrived");
        } else if (verdict == Verdict.DISPUTED) {
            System.err.println("latchkey: " + from
                    + " did not sign for what came in its name: another member of the session sealed some of it");
        } else if (incomplete.remove(report.session())) {
            System.err.println("latchkey: nothing is missing from " + from + " any more");
        }
    }

    /** {@code 3, 5-9}. */
    static String numbers(List<Integer> ascending) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ascending.size(); i++) {
            int first = ascending.get(i);
            while (i + 1 < ascending.size() && ascending.get(i + 1) == ascending.get(i) + 1) {
                i++;
            }
            int last = ascending.get(i);
            text.append(text.isEmpty() ? "" : ", ").append(first).append(last > first ? "-" + last : "");
        }
        return text.toString();
    }

    private static String value(Measurement measurement) {
        return measurement
                .value()
                .map(ReceivedText::text)
                .orElseGet(() -> measurement
                        .sum()
                        .map(sum -> "sum " + sum.toPlainString())
                        .orElse(""));
    }

    private static String text(Value value) {
        if (value instanceof Value.Number number) {
            return number.number().toPlainString();
        }
        if (value instanceof Value.Text text) {
            return printable(text.text());
        }
        return value instanceof Value.Flag flag
                ? Boolean.toString(flag.flag())
                : ((Value.Data) value).data().toHex();
    }

    /** Another member's text must not steer this terminal. */
    private static String printable(String text) {
        return "\"" + text.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
