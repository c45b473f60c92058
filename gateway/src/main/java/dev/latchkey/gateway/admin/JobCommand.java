package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Method;
import dev.latchkey.coap.Observation;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey admin job}: what a gateway does at length, with its progress. */
@Command(
        name = "job",
        header = "Have a gateway verify, sync, drain, rotate its keys, or make a snapshot or a backup.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin job run verify --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685",
            "  latchkey admin job run drain --off --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685",
            "  latchkey admin job list --key net/operator/admin --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class JobCommand {
    private static final String JOBS = "/a/j";
    /** Should a notification be lost, the next question comes after this. */
    private static final long LONGEST_SILENCE_SECONDS = 5;

    @Command(
            name = "run",
            header = "Start a job and show its progress until it ends; exit code 0 if it is done, 1 if not.",
            description = {
                "drain: take no new readings and wait until the cloud has everything; --off takes them again.",
                "sync: verify up to what the cloud has now.  verify: check every stored block.",
                "snapshot: a quick copy of the store beside it.  backup: a copy in the setting backup.directory.",
                "rotate: new keys for the gateway on every chain that it serves; devices check them against the chain.",
                "Ctrl-C leaves the job running; job cancel ends it."
            },
            mixinStandardHelpOptions = true)
    int run(
            @Mixin AdminConnection gateway,
            @Parameters(paramLabel = "KIND", description = "drain, sync, verify, snapshot, backup or rotate.")
                    Kind kind,
            @Option(names = "--off", description = "Only with drain: take readings again.") boolean off,
            @Option(names = "--json", description = "Print only how the job ended, as JSON.") boolean json)
            throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            ClientRequest start = ClientRequest.of(Method.POST, "/a/x/" + kind);
            if (off) {
                connection.get(start.withQuery("off", "1"));
                Screen.standard().line("readings are taken again");
                return Cli.OK;
            }
            Map<String, Object> job = Values.decodeMap(connection.get(start));
            Map<String, Object> ended =
                    awaitEnd(connection, job, json ? Screen.plain(System.err) : Screen.standard(), !json);
            if (json) {
                System.out.println(Json.text(ended));
            } else if (!"done".equals(ended.get("state"))) {
                Object error = ended.get("error");
                throw new IOException("job " + ended.get("id") + " " + ended.get("state")
                        + (error == null ? "" : ": " + shown(error)));
            }
            return "done".equals(ended.get("state")) ? Cli.OK : Cli.FAILED;
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    @Command(name = "list", header = "Show the jobs of this run of the gateway.", mixinStandardHelpOptions = true)
    int list(
            @Mixin AdminConnection gateway,
            @Option(names = "--json", description = "Print JSON instead of a table.") boolean json)
            throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            Map<String, Object> answer = Values.decodeMap(connection.get(ClientRequest.get(JOBS)));
            if (json) {
                System.out.println(Json.text(answer));
                return Cli.OK;
            }
            Table table = new Table("id", "kind", "state", "done", "of", "started", "what");
            if (answer.get("jobs") instanceof List<?> jobs) {
                for (Object each : jobs) {
                    Map<?, ?> job = (Map<?, ?>) each;
                    table.row(
                            job.get("id"),
                            job.get("kind"),
                            job.get("state"),
                            job.get("done"),
                            job.get("total"),
                            Instant.ofEpochMilli(number(job, "started-ms")),
                            shown(job.get("error") == null ? job.get("message") : job.get("error")));
                }
            }
            table.print(System.out);
            return Cli.OK;
        } catch (MalformedCborException | ClassCastException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    @Command(name = "cancel", header = "End a job that runs.", mixinStandardHelpOptions = true)
    int cancel(@Mixin AdminConnection gateway, @Parameters(paramLabel = "ID", description = "Its number.") long id)
            throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            connection.get(ClientRequest.delete(JOBS + "/" + id));
            return Cli.OK;
        }
    }

    /** What can be run. */
    enum Kind {
        drain,
        sync,
        verify,
        snapshot,
        backup,
        rotate
    }

    /** A notification only says that there is news; they may be lost, the answers to questions may not. */
    private static Map<String, Object> awaitEnd(
            AdminConnection.Open connection, Map<String, Object> started, Screen screen, boolean visible)
            throws IOException, InterruptedException, MalformedCborException {
        ClientRequest question = ClientRequest.get(JOBS + "/" + started.get("id"));
        Semaphore news = new Semaphore(0);
        Observation observation =
                connection.observe(question, notification -> news.release(), failure -> news.release());
        Shown shown = new Shown(screen, visible);
        try {
            Map<String, Object> job = started;
            shown.update(job);
            while ("running".equals(job.get("state"))) {
                news.tryAcquire(LONGEST_SILENCE_SECONDS, TimeUnit.SECONDS);
                news.drainPermits();
                Bytes answer = connection.get(question);
                job = Values.decodeMap(answer);
                shown.update(job);
            }
            shown.end(job);
            return job;
        } finally {
            observation.cancel();
        }
    }

    private static long number(Map<?, ?> job, String name) {
        return job.get(name) instanceof Long number ? number : 0;
    }

    private static String shown(Object text) {
        return String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
    }

    /** What is on the screen of a job: a line for each thing it is at, and a bar once it is known how much there is. */
    private static final class Shown {
        private final Screen screen;
        private final boolean visible;
        private ProgressBar bar;
        private String message = "";

        Shown(Screen screen, boolean visible) {
            this.screen = screen;
            this.visible = visible;
        }

        void update(Map<String, Object> job) {
            String now = shown(job.get("message"));
            if (visible && !now.isEmpty() && !now.equals(message) && "running".equals(job.get("state"))) {
                screen.phase(now);
                message = now;
            }
            if (visible && bar == null && number(job, "total") > 0) {
                bar = screen.progress(shown(job.get("unit")), number(job, "total"));
            }
            if (bar != null) {
                bar.step(Math.max(0, number(job, "done") - bar.done()));
            }
        }

        void end(Map<String, Object> job) {
            if (bar != null) {
                bar.close();
            }
            if (visible && "done".equals(job.get("state"))) {
                Duration took = Duration.ofMillis(number(job, "ended-ms") - number(job, "started-ms"));
                screen.line(shown(job.get("kind")) + " done in " + Units.text(took) + ": " + shown(job.get("message")));
            }
        }
    }
}
