package dev.latchkey.cloud;

import dev.latchkey.cloud.api.Streams;
import dev.latchkey.cloud.chain.Alarm;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.EvidenceShelf;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.TransactionQueue;
import dev.latchkey.cloud.http.Doors;
import dev.latchkey.cloud.mailbox.MailboxCounts;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.console.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a node counts about itself. Thread-safe. */
final class CloudFigures implements Doors.Observer {
    private final Metrics metrics = new Metrics();
    private final Counter answers =
            metrics.counter("latchkey_http_answers", "Answers by route and status.", "route", "status");

    private final Histogram times = metrics.seconds(
            "latchkey_http_seconds", "From a request's headers to its answer, or to the begin of its stream.", "route");
    private final Counter refused =
            metrics.counter("latchkey_http_refused", "Problems that were answered, by code.", "code");
    private final Counter cut =
            metrics.counter("latchkey_http_cut", "Connections closed because the client was too slow.", "why");

    CloudFigures() {
        // what never happened stands there as 0, so that its first time shows
        List.of("head", "idle", "reader").forEach(cut::initLabelValues);
    }

    Metrics metrics() {
        return metrics;
    }

    @Override
    public void answered(String route, int status, double seconds) {
        answers.labelValues(route, Integer.toString(status)).inc();
        times.labelValues(route).observe(seconds);
    }

    @Override
    public void refused(String code) {
        refused.labelValues(code).inc();
    }

    @Override
    public void cut(String why) {
        cut.labelValues(why).inc();
    }

    /** Levels that are looked up when somebody asks, over all chains. */
    void watch(ChainsMachine chains, Streams streams, EvidenceShelf shelf, Clock clock) {
        metrics.gauge(
                "latchkey_chains",
                "Chains that this node orders.",
                () -> chains.chains().size());
        sum(
                chains,
                "latchkey_blocks",
                "Blocks of all chains.",
                chain -> chain.applied().height() + 1);
        sum(
                chains,
                "latchkey_members",
                "Names with a record, in all chains.",
                chain -> chain.applied().memberCount());
        sum(
                chains,
                "latchkey_unverified_blocks",
                "Blocks applied and not yet verified.",
                chain -> chain.applied().height() - chain.line().verified().height());
        for (Alarm alarm : Alarm.values()) {
            if (alarm != Alarm.NONE) {
                String name = "latchkey_alarm_" + alarm.name().toLowerCase(Locale.ROOT);
                sum(
                        chains,
                        name,
                        "Chains that this node does not sign for this reason.",
                        chain -> chain.line().alarm() == alarm ? 1 : 0);
            }
        }
        metrics.counter(
                "latchkey_scrub_rows",
                "Blocks and records that were read back and compared.",
                () -> chains.chains().stream()
                        .mapToLong(chain -> chain.line().scrub().rows())
                        .sum());
        metrics.gauge(
                "latchkey_scrub_pass_seconds",
                "Since all blocks and records of each chain were read back once more, or the start.",
                () -> chains.chains().stream()
                        .mapToDouble(chain ->
                                chain.line().scrub().sincePass(clock.instant()).toMillis() / 1e3)
                        .max()
                        .orElse(0));
        metrics.gauge(
                "latchkey_alarm_evidence", "Replica keys that kept evidence convicts of two histories.", shelf::size);
        metrics.gauge("latchkey_mailbox_streams", "Open streams of mailboxes.", streams::waiting);
    }

    /** What waits in mailboxes, and what became of messages since the start. */
    void watch(MailboxShards mailboxes, Clock clock) {
        metrics.gauge(
                "latchkey_mailbox_messages",
                "Messages that wait in mailboxes.",
                () -> mailboxes.usage().messages());
        metrics.gauge(
                "latchkey_mailbox_bytes",
                "Bytes of messages that wait in mailboxes.",
                () -> mailboxes.usage().bytes());
        metrics.counter(
                "latchkey_scrub_mailbox_rows",
                "Rows of mailboxes that were read back and compared with other members.",
                () -> mailboxes.all().stream()
                        .mapToLong(shard -> shard.mailboxes().digests().rows())
                        .sum());
        metrics.levels(
                "latchkey_alarm_mailboxes",
                "1 if this group's mailboxes differ from those of the other members.",
                List.of("group"),
                () -> alarms(mailboxes));
        metrics.gauge(
                "latchkey_mailbox_oldest_seconds",
                "Age of the oldest message that waits, as of the last minute's survey.",
                () -> mailboxes.oldestMillis().isPresent()
                        ? (clock.millis() - mailboxes.oldestMillis().getAsLong()) / 1e3
                        : 0);
        metrics.gauge(
                "latchkey_mailbox_deepest_messages",
                "Messages in the fullest mailbox, as of the last minute's survey.",
                mailboxes::deepest);
        count(mailboxes, "latchkey_mailbox_delivered", "Messages that reached a mailbox.", MailboxCounts::messages);
        count(
                mailboxes,
                "latchkey_mailbox_duplicates",
                "Messages that every recipient had before.",
                MailboxCounts::duplicates);
        count(
                mailboxes,
                "latchkey_mailbox_acknowledged",
                "Messages that their owners acknowledged.",
                MailboxCounts::acknowledged);
        count(mailboxes, "latchkey_mailbox_expired", "Messages whose retention ended unread.", MailboxCounts::expired);
    }

    private static Map<List<String>, Double> alarms(MailboxShards mailboxes) {
        Map<List<String>, Double> values = new LinkedHashMap<>();
        mailboxes
                .all()
                .forEach(shard -> values.put(
                        List.of(shard.group()), mailboxes.findings().containsKey(shard.group()) ? 1.0 : 0.0));
        return values;
    }

    /** What waits to be committed, and whether the node is in service. */
    void watch(Collection<TransactionQueue> queues, BooleanSupplier ready) {
        metrics.gauge(
                "latchkey_transactions_waiting",
                "Transactions that are checked, wait, or are on their way through the log.",
                () -> queues.stream().mapToLong(TransactionQueue::waiting).sum());
        metrics.gauge("latchkey_ready", "1 while /readyz is 200, else 0.", () -> ready.getAsBoolean() ? 1 : 0);
    }

    /** What the stores take on the disk, and what it has left. */
    void watch(Path data) {
        for (String store : List.of("chains", "mailboxes", "raft")) {
            metrics.gauge(
                    "latchkey_store_" + store + "_bytes",
                    "Bytes of files in this directory of the node's data, or in those of all its groups.",
                    () -> bytes(data, store));
        }
        metrics.gauge(
                "latchkey_disk_free_bytes",
                "Bytes left where the node's data lie.",
                () -> data.toFile().getUsableSpace());
    }

    /** Of a directory, and of those of further groups, whose names go on with a number. */
    private static long bytes(Path data, String store) {
        try (Stream<Path> all = Files.list(data)) {
            return all.filter(path -> path.getFileName().toString().matches(store + "(-[0-9].*)?"))
                    .mapToLong(CloudFigures::bytes)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** Files come and go meanwhile: what is gone counts as nothing. */
    private static long bytes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private void count(MailboxShards mailboxes, String name, String help, ToLongFunction<MailboxCounts> value) {
        metrics.counter(
                name,
                help,
                () -> mailboxes.all().stream()
                        .mapToLong(shard -> value.applyAsLong(shard.mailboxes().counts()))
                        .sum());
    }

    private void sum(ChainsMachine chains, String name, String help, ToDoubleFunction<OrderedChain> value) {
        metrics.gauge(
                name, help, () -> chains.chains().stream().mapToDouble(value).sum());
    }
}
