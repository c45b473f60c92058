package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device recv}: opens what was sealed to the device and prints it. */
@Command(
        name = "recv",
        header = "Open readings that were sealed to this device.",
        description = {
            "One line per value: time, sender, name, value, unit. A reading is printed once: the device remembers on its"
                    + " disk what it has opened. What could not be opened is named on standard error."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  as many readings as asked for were opened",
            "  1  they did not come in time",
            "",
            "Examples:",
            "  latchkey device recv --dir two",
            "  latchkey device recv --dir two --count 10 --timeout 5s",
            "  latchkey device recv --dir two --follow    (until Ctrl-C)"
        },
        mixinStandardHelpOptions = true)
final class ReceiveCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @ArgGroup(exclusive = true)
    private Extent extent = new Extent();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "longest wait in all, with its unit (60s); --follow waits for ever")
    private Duration timeout;

    /** How long to go on. */
    static final class Extent {
        @Option(names = "--count", paramLabel = "N", description = "end after so many readings (1)")
        private int count = 1;

        @Option(names = "--follow", description = "go on until Ctrl-C")
        private boolean follow;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (extent.count < 1) {
            throw new UsageFault("--count must be 1 or more");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new UsageFault("--timeout must be more than nothing");
        }
        CountDownLatch left = new CountDownLatch(extent.follow ? Integer.MAX_VALUE : extent.count);
        boolean enough;
        try (OpenDevice open = OpenDevice.open(directory)) {
            open.device().receive(new Printer(open.device().chainName(), left));
            if (extent.follow) {
                left.await();
            }
            enough = left.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (!enough) {
            System.err.println("latchkey: " + (extent.count - left.getCount()) + " of " + extent.count
                    + " readings came within " + timeout.toSeconds() + " s");
        }
        return enough ? Cli.OK : Cli.FAILED;
    }

    /** Runs on the device's lane. */
    private record Printer(String chainName, CountDownLatch left) implements InboxListener {
        @Override
        public void received(Received pack) {
            String baseName = SenderUrn.of(chainName, pack.sender());
            for (Measurement measurement : pack.contents().measurements()) {
                String name = measurement.name().startsWith(baseName)
                        ? measurement.name().substring(baseName.length())
                        : measurement.name();
                System.out.println(measurement.time() + "  " + pack.sender() + "  " + name + "  " + value(measurement)
                        + measurement.unit().map(unit -> " " + unit).orElse("")
                        + (pack.contents().late() ? "  (late)" : ""));
            }
            System.out.flush();
            left.countDown();
        }

        @Override
        public void unopened(Unopened message) {
            System.err.println("latchkey: a message from " + message.sender() + " was not opened: " + message.reason());
        }

        private static String value(Measurement measurement) {
            return measurement
                    .value()
                    .map(Printer::text)
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
}
