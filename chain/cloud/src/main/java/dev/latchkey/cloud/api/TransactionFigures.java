package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.Verdict;
import dev.latchkey.console.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/** What became of posted transactions. Thread-safe. */
final class TransactionFigures {
    private static final double NANOS = 1e9;

    private final Counter committed;
    private final Counter refused;
    private final Histogram seconds;

    TransactionFigures(Metrics metrics) {
        this.committed =
                metrics.counter("latchkey_transactions_committed", "Transactions that were posted and committed.");
        this.refused = metrics.counter(
                "latchkey_transactions_refused", "Transactions that were posted and refused, by code.", "code");
        this.seconds = metrics.seconds(
                "latchkey_commit_seconds", "From a post's body to the commit of the last of its transactions.");
    }

    void judged(List<Verdict> verdicts, long sinceNanos) {
        boolean any = false;
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Verdict.Refused no) {
                refused.labelValues(no.code()).inc();
            } else {
                committed.inc();
                any = true;
            }
        }
        if (any) {
            seconds.observe((System.nanoTime() - sinceNanos) / NANOS);
        }
    }
}
