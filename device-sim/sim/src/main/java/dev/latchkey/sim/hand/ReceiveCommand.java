package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Value;
import dev.latchkey.sim.fleet.Explained;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device recv}: opens what was sealed to the device and prints it. */
@Command(
        name = "recv",
        header = "Open readings that were sealed to this device.",
        description = {
            "One line per value: time, sender, name, value, unit. A reading is printed once: the device remembers on its"
                    + " disk what it has opened. More than --count stay at the gateway for the next call. What could not be opened is named on standard error."
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
        AtomicInteger printed = new AtomicInteger();
        try (OpenDevice open = OpenDevice.open(directory)) {
            Printer printer = new Printer(open.device().chainName(), printed);
            if (extent.follow) {
                open.device().receive(printer, Long.MAX_VALUE).get();
            } else {
                // Done when the gateway has dropped what was printed: it does not come again.
                open.device().receive(printer, extent.count).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            throw new DeviceFault(Explained.text(e), e);
        } catch (TimeoutException e) {
            return late(printed.get());
        }
        return Cli.OK;
    }

    /** What was printed but could not be acknowledged is remembered on the disk, and is not printed again. */
    private int late(int printed) {
        if (printed >= extent.count) {
            return Cli.OK;
        }
        System.err.println(
                "latchkey: " + printed + " of " + extent.count + " readings came within " + timeout.toSeconds() + " s");
        return Cli.FAILED;
    }

    /** Runs on the device's lane. */
    private record Printer(String chainName, AtomicInteger printed) implements InboxListener {
        @Override
        public void received(Received pack) {
            String baseName = SenderUrn.of(pack.chainName(), pack.sender());
            for (Measurement measurement : pack.contents().measurements()) {
                String name = measurement.name().startsWith(baseName)
                        ? measurement.name().substring(baseName.length())
                        : measurement.name();
                System.out.println(measurement.time() + "  " + sender(pack) + "  " + name + "  " + value(measurement)
                        + measurement.unit().map(unit -> " " + unit).orElse("")
                        + (pack.contents().late() ? "  (late)" : ""));
            }
            System.out.flush();
            printed.incrementAndGet();
        }

        /** A name says who it is within a chain only. */
        private String sender(Received pack) {
            return pack.chainName().equals(chainName) ? pack.sender() : pack.sender() + "@" + pack.chainName();
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
