package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.host.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What takes minutes, or what not every machine can do to a cluster; their seed is {@code latchkey.seed}. */
@Tag("long")
class ThreeProcessesLongTest {
    private static final Path FAKETIME_HOME = Path.of("/usr/lib");
    private static final long FILLING_SECONDS = 300;
    private final long seed = Long.getLong("latchkey.seed", System.nanoTime());

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** As many as {@code latchkey.kills} says; after every twenty also a pause, a partition and a start of all. */
    @Test
    void manyKills() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            Random random = new Random(seed);
            int kills = Integer.getInteger("latchkey.kills", 100);
            for (int i = 0; i < kills; i++) {
                trial.kill(random, i);
                if (i % 20 == 19) {
                    trial.pause(Duration.ofSeconds(4));
                    trial.partition();
                    trial.restartAll();
                }
            }
            trial.end();
        }
    }

    /** A leader that hangs and goes on, again and again: nothing resets the connections to it. */
    @Test
    void manyPauses() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            for (int i = 0; i < Integer.getInteger("latchkey.pauses", 20); i++) {
                trial.pause(Duration.ofSeconds(6));
            }
            trial.end();
        }
    }

    /** Members that were away get a snapshot, as the logs are kept short. */
    @Test
    void killsWithShortLogs() throws Exception {
        String[] settings = {
            "cluster.snapshot-entries = 50", "cluster.kept-entries = 0", "cluster.segment-size = 64 KiB"
        };
        try (ProcessCluster cluster = new ProcessCluster(directory, settings)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            Random random = new Random(seed);
            for (int i = 0; i < 12; i++) {
                trial.killForLong(random, Duration.ofSeconds(4));
            }
            trial.end();
        }
    }

    @Test
    void rollingRestartUnderLoad() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            for (int i = 0; i < 6; i++) {
                trial.restart(i % ProcessCluster.SIZE);
            }
            trial.end();
        }
    }

    /** A leader's clock jumps by a day, then a follower's; then a node starts that is off by a day. */
    @Test
    void clockOffByADay() throws Exception {
        Optional<Path> library = faketime();
        assumeTrue(library.isPresent(), "no wrong clocks: apt-get install faketime");
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            WrongClocks clocks = new WrongClocks(cluster, library.get());
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            for (String offset : List.of("-1d", "+1d")) {
                clocks.jump(trial, cluster.leader(ClusterRecord.CHAINS), offset);
                clocks.jump(trial, (cluster.leader(ClusterRecord.CHAINS) + 1) % ProcessCluster.SIZE, offset);
                clocks.start(trial, cluster.leader(ClusterRecord.CHAINS), offset);
            }
            clocks.assertNeverAhead(trial.end());
        }
    }

    private static Optional<Path> faketime() throws Exception {
        try (Stream<Path> all = Files.walk(FAKETIME_HOME, 3)) {
            return all.filter(path -> path.endsWith("faketime/libfaketimeMT.so.1"))
                    .findFirst();
        }
    }

    /** The network itself loses what is sent to the leader of the chains and by it, and nobody is told. */
    @Test
    void partitionedNetwork() throws Exception {
        Optional<Namespaces> made = Namespaces.made();
        assumeTrue(made.isPresent(), "no network namespaces: needs root and iproute2");
        try (Namespaces spaces = made.get();
                ProcessCluster cluster = new ProcessCluster(directory, spaces)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            for (int i = 0; i < 5; i++) {
                trial.partition();
            }
            trial.end();
        }
    }

    /** The disk of who leads fills up; the others go on, and it comes back when there is room. */
    @Test
    void fullDisk() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=160m", "none", disk.toString()), "no full disk: needs root");
        // small files of the log, as what was set aside for one can still be written
        try (ProcessCluster cluster = new ProcessCluster(directory, "cluster.segment-size = 64 KiB")) {
            cluster.set(0, "data = \"" + disk.resolve("data") + "\"");
            cluster.set(0, "ready.disk-free = 1 MiB"); // the whole disk is smaller than what is usual
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            trial.lead(0);
            long moment = System.nanoTime();
            assertThat(run("dd", "if=/dev/zero", "of=" + disk.resolve("filler"), "bs=64k"))
                    .isFalse(); // until it is full
            trial.passed("leader's disk full", moment);
            assertThat(cluster.process(0).ended(FILLING_SECONDS)).isEqualTo(1);
            cluster.kill(0);
            Files.delete(disk.resolve("filler"));
            cluster.start(0);
            trial.end();
        } finally {
            run("umount", disk.toString());
        }
    }

    /** Every sync of who leads takes a fifth of a second longer. */
    @Test
    void slowDisk() throws Exception {
        assumeTrue(run("strace", "-V"), "no slow disk: apt-get install strace");
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            for (int i = 0; i < 2; i++) {
                int victim = cluster.leader(ClusterRecord.CHAINS);
                String[] slow = {
                    "strace",
                    "-f",
                    "-qq",
                    "-o",
                    "/dev/null",
                    "-e",
                    "trace=fsync,fdatasync",
                    "-e",
                    "inject=fsync,fdatasync:delay_exit=200000",
                    "-p",
                    Long.toString(cluster.process(victim).pid())
                };
                Process strace =
                        new ProcessBuilder(slow).redirectErrorStream(true).start();
                for (int j = 0; j < 20; j++) {
                    trial.passed("leader's disk slow", System.nanoTime());
                }
                strace.destroy();
                strace.waitFor();
                trial.restart(victim);
            }
            trial.end();
        }
    }

    /** It is refused under its old name, is removed, and comes back under another one as the third of three. */
    @Test
    void lostDisk() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            int victim = (cluster.leader(ClusterRecord.CHAINS) + 1) % ProcessCluster.SIZE;
            int asked = (victim + 1) % ProcessCluster.SIZE;
            long moment = System.nanoTime();
            cluster.kill(victim);
            trial.passed("follower killed", moment);
            assertThat(run("rm", "-r", cluster.home(victim).resolve("data").toString()))
                    .isTrue();
            cluster.begin(victim);
            assertThat(cluster.process(victim).ended()).isEqualTo(2);
            assertThat(cluster.said(victim)).contains("under a name that was never used");
            trial.command(asked, "remove", "--node", cluster.name(victim));
            Path made = directory.resolve("made");
            String[] places = cluster.places(victim);
            String[] add = {"--node", "n4", "--api", places[0], "--address", places[1], "--dir", made.toString()};
            trial.command(asked, "add", add);
            cluster.replace(victim, "n4", made);
            cluster.begin(victim);
            cluster.process(victim).awaitReady();
            trial.command(asked, "add", add);
            trial.admit(KeyFile.read(made.resolve("replica.pem")), KeyFile.read(made.resolve("tls.pem")));
            cluster.awaitServing(victim);
            trial.kill(new Random(seed), 0);
            trial.end();
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (java.io.IOException e) {
            return false; // there is no such program
        }
    }
}
