package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.InboxListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey device recv}: opens what was sealed to the device and prints it. */
@Command(
        name = "recv",
        header = "Open readings that were sealed to this device.",
        description = {
            "One line per value: time, sender, name, value, unit; (late) when it was measured long before it came. A"
                    + " reading is printed once: the device remembers on its disk what it has opened. More than --count stay at the gateway for the next call.",
            "",
            "Standard error names what could not be opened, and what is missing: readings that a sender has signed for, because"
                    + " its gateway acknowledged them, and that have not arrived. With --json both are lines among the others, told apart by their kind: value, unopened, missing, confirmed, unchecked, disputed; and returned, for what this device sent to a member that the chain then refused."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  as many readings as asked for were opened",
            "  1  they did not come in time, or the device was put out meanwhile",
            "",
            "Examples:",
            "  latchkey device recv --dir two",
            "  latchkey device recv --dir two --count 10 --timeout 5s",
            "  latchkey device recv --dir two --follow    (until Ctrl-C)",
            "  latchkey device recv --dir two --follow --json"
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

    @Option(names = "--json", description = "one JSON object a line, also of what is missing and what was not opened")
    private boolean json;

    @Mixin
    private VerificationOption verification;

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
        try (OpenDevice open = OpenDevice.open(directory, verification.mode())) {
            return receive(open);
        }
    }

    private int receive(OpenDevice open) throws IOException, InterruptedException {
        AtomicInteger printed = new AtomicInteger();
        ReadingNames names = new ReadingNames(open.device().chainName());
        CompletableFuture<Void> end = new CompletableFuture<>();
        InboxListener printer = json
                ? new ReceivedJson(names, printed::incrementAndGet, end::completeExceptionally)
                : new ReceivedText(names, printed::incrementAndGet, end::completeExceptionally);
        // Done when the gateway has dropped what was printed: it does not come again.
        open.device()
                .receive(printer, extent.follow ? Long.MAX_VALUE : extent.count)
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        end.complete(null);
                    } else {
                        end.completeExceptionally(failure);
                    }
                });
        try {
            if (extent.follow) {
                end.get();
            } else {
                end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            throw open.explained(e.getCause());
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
}
