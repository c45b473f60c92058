package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Observation;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin log}: what a gateway logged lately, and what it goes on to log. */
@Command(
        name = "log",
        header = "Print what the gateway logged lately.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin log --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin log --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --follow --level warn"
        },
        mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {
    /** Should a notification be lost, the next question comes after this. */
    private static final long LONGEST_SILENCE_SECONDS = 30;

    @Mixin
    private AdminConnection gateway;

    @Option(names = "--follow", description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "Only this and worse: error, warn, info, debug, trace.")
    private String level = "trace";

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!level.matches("error|warn|info|debug|trace")) {
            throw new UsageFault("--level is error, warn, info, debug or trace");
        }
        try (AdminConnection.Open connection = gateway.open()) {
            long shown = print(connection.get(request()));
            if (follow) {
                Runnable uninterruptible = Watch.interruptible(connection);
                try {
                    follow(connection, shown);
                } finally {
                    uninterruptible.run();
                }
            }
            return Cli.OK;
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    private ClientRequest request() {
        return ClientRequest.get(LogResource.LOG).withQuery(LogResource.LEVEL, level);
    }

    /** A notification only says that there is more: it is asked for by number, so that none is missed. */
    private void follow(AdminConnection.Open connection, long shown)
            throws IOException, InterruptedException, MalformedCborException {
        Semaphore more = new Semaphore(0);
        AtomicBoolean over = new AtomicBoolean();
        Observation observation = connection.observe(request(), notification -> more.release(), failure -> {
            over.set(true);
            more.release();
        });
        long last = shown;
        try {
            while (!over.get()) {
                more.tryAcquire(LONGEST_SILENCE_SECONDS, TimeUnit.SECONDS);
                more.drainPermits();
                long before;
                do {
                    before = last;
                    last = Math.max(last, print(connection.get(request().withQuery(LogResource.AFTER, before))));
                } while (last > before);
            }
        } finally {
            observation.cancel();
        }
        throw new IOException("the gateway ended the observation");
    }

    /** @return the number of the last record that was printed, 0 without any */
    private long print(Bytes answer) throws MalformedCborException {
        long last = 0;
        if (Values.decodeMap(answer).get(LogResource.RECORDS) instanceof List<?> records) {
            for (Object each : records) {
                if (each instanceof Map<?, ?> entry && entry.get(LogResource.NUMBER) instanceof Long number) {
                    System.out.println(json ? Json.text(entry) : line(entry));
                    last = number;
                }
            }
        }
        System.out.flush();
        return last;
    }

    private static String line(Map<?, ?> entry) {
        Instant time = Instant.ofEpochMilli(entry.get("time-ms") instanceof Long millis ? millis : 0);
        String text = String.valueOf(entry.get("text")).replaceAll("\\p{Cntrl}", "?");
        return String.format(
                Locale.ROOT, "%s %-5s %s: %s", time, entry.get(LogResource.LEVEL), entry.get("logger"), text);
    }
}
