package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.harness.CrashLoad;
import dev.latchkey.gateway.harness.CutDisk;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that ends at any moment, by kill -9 or with its machine: what it acknowledged arrives, and arrives once. The long
 * versions take their number from {@code latchkey.kills} and {@code latchkey.cuts}, all of them their seed from {@code latchkey.seed}.
 */
@Order(1)
class CrashTest {
    /** The goal is 2 s, and what it takes is printed: on a busy machine, beside other tests, it was 19 s. */
    private static final Duration LONGEST_START = Duration.ofMinutes(1);

    private static final long DISK_BYTES = 1L << 30;

    @TempDir
    Path directory;

    @Test
    void tenKillsLoseAndDoubleNothing() throws Exception {
        kill(10);
    }

    @Test
    @Tag("long")
    void manyKillsLoseAndDoubleNothing() throws Exception {
        kill(Integer.getInteger("latchkey.kills", 200));
    }

    @Test
    void twoPowerCutsLoseAndDoubleNothing() throws Exception {
        cutPower(2);
    }

    @Test
    @Tag("long")
    void manyPowerCutsLoseAndDoubleNothing() throws Exception {
        cutPower(Integer.getInteger("latchkey.cuts", 50));
    }

    private void kill(int times) throws Exception {
        long seed = Long.getLong("latchkey.seed", System.nanoTime());
        try (CrashLoad load = new CrashLoad(directory, seed)) {
            for (int i = 0; i < times; i++) {
                killOnce(load, i);
            }
            load.settle();
            // What was written is in the files, whatever became of who wrote it.
            assertThat(load.damage()).as("seed %d", seed).isEmpty();
            check("kill -9", load, times, seed);
        }
    }

    private void cutPower(int times) throws Exception {
        var missing = CutDisk.missing();
        assumeTrue(missing.isEmpty(), () -> "no power cuts: " + missing.orElseThrow());
        long seed = Long.getLong("latchkey.seed", System.nanoTime());
        try (CutDisk disk = CutDisk.mount(directory, DISK_BYTES);
                CrashLoad load =
                        new CrashLoad(directory, seed, "data = \"" + disk.path().resolve("data") + "\"")) {
            for (int i = 0; i < times; i++) {
                killOnce(load, i);
                disk.cut(seed + i);
            }
            load.settle();
            check("power cut", load, times, seed);
        }
    }

    /** Moments of the start and of the service, as often the one as the other. */
    private static void killOnce(CrashLoad load, int number) throws Exception {
        if (number % 2 == 0) {
            load.killInService();
        } else {
            load.killInStart();
        }
    }

    private static void check(String what, CrashLoad load, int times, long seed) {
        List<Duration> starts = load.starts();
        Duration median = starts.get(starts.size() / 2);
        System.out.printf(
                "%s: %d times, %d of them before it was ready; %d readings acknowledged; %d starts to service,"
                        + " median %d ms, p95 %d ms, longest %d ms; seed %d%n",
                what,
                times,
                load.killedInStart(),
                load.ledger.count(),
                starts.size(),
                median.toMillis(),
                starts.get(starts.size() * 95 / 100).toMillis(),
                starts.get(starts.size() - 1).toMillis(),
                seed);
        assertThat(load.ledger.count()).isPositive();
        assertThat(load.ledger.twice()).isEmpty();
        assertThat(load.ledger.refused()).isEmpty();
        for (String recipient : load.recipients()) {
            List<MailboxEntry> box = load.cloud.mailboxes.of(recipient).stream()
                    .filter(entry -> entry.contentFormat() == ContentFormat.COSE_ENCRYPT0)
                    .toList();
            assertThat(box).extracting(MailboxEntry::message).doesNotHaveDuplicates();
            for (String sender : load.senders()) {
                List<Bytes> told = load.ledger.acknowledged(sender);
                assertThat(load.ledger.seen(recipient)).containsAll(told);
                // What was stored and not acknowledged in time may be there as well, in its place.
                assertThat(box.stream()
                                .filter(entry -> entry.sender().equals(sender))
                                .map(MailboxEntry::message)
                                .toList())
                        .containsSubsequence(told);
            }
        }
        assertThat(median).isLessThan(LONGEST_START);
    }
}
