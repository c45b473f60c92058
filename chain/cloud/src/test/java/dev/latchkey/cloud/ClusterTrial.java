package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What can happen to a cluster under load, one after the other, and the verdict in the end. Everything that happens ends
 * with all nodes in service. For one thread.
 */
final class ClusterTrial {
    /** The goal is 3 s, and what it takes is printed; on a busy machine a node's start may take all of both cores. */
    private static final Duration LONGEST_FAIL_OVER = Duration.ofSeconds(45);

    final ClusterLoad load;
    private final ProcessCluster cluster;
    private final long seed;
    private final Map<String, List<Duration>> failOvers = new TreeMap<>();

    /** A trial of a cluster that serves. */
    ClusterTrial(ProcessCluster cluster, long seed, int pairs) throws Exception {
        this.cluster = cluster;
        this.seed = seed;
        this.load = new ClusterLoad(cluster, seed, pairs);
    }

    /** Kills the leader of one group or the other, or one that leads neither, by turns. */
    void kill(Random random, int number) throws Exception {
        int chains = cluster.leader(ClusterRecord.CHAINS);
        int mailboxes = cluster.leader(ClusterRecord.MAILBOXES);
        int victim = number % 3 == 0 ? chains : number % 3 == 1 ? mailboxes : other(random, chains, mailboxes);
        String what = victim == chains || victim == mailboxes ? "leader killed" : "follower killed";
        cluster.kill(victim);
        passed(what, System.nanoTime());
        cluster.start(victim);
    }

    /** Kills one that leads nothing, and starts it again when the others have gone on for a while. */
    void killForLong(Random random, Duration away) throws Exception {
        int victim = other(random, cluster.leader(ClusterRecord.CHAINS), cluster.leader(ClusterRecord.MAILBOXES));
        long moment = System.nanoTime();
        cluster.kill(victim);
        passed("follower killed", moment);
        TestCluster.patiently().until(() -> System.nanoTime() - moment > away.toNanos());
        cluster.start(victim);
    }

    /** Stops a node as its operator does, and starts it again. */
    void restart(int victim) throws Exception {
        long moment = System.nanoTime();
        assertThat(cluster.terminate(victim)).isZero();
        passed("stopped", moment);
        cluster.start(victim);
    }

    /** Hands the lead of all groups to a node. */
    void lead(int node) {
        command(node, "transfer", "--node", cluster.name(node));
    }

    /** {@code latchkey cluster} with a node's files, until it succeeds. */
    void command(int node, String verb, String... options) {
        List<String> line = new ArrayList<>(
                List.of("cluster", verb, "--config", cluster.config(node).toString()));
        line.addAll(List.of(options));
        TestCluster.patiently().until(() -> Cli.run(CloudMain.command(), line.toArray(String[]::new)) == 0);
    }

    /** The policy names a further replica, which may sign from then on. */
    void admit(KeyPair replica, KeyPair tls) {
        Policy first = cluster.network.firstPolicy();
        List<Policy.Replica> nodes = new ArrayList<>(first.replicas().nodes());
        nodes.add(new Policy.Replica(replica.publicKey(), tls.publicKey()));
        SignedTransaction change = cluster.network.change(
                first, next -> TestNetwork.withReplicas(next, 1, nodes.toArray(Policy.Replica[]::new)));
        int asked = cluster.leader(ClusterRecord.CHAINS);
        TestCluster.patiently()
                .until(() -> cluster.client(asked, cluster.network.gateway.dtls())
                                .submit(change)
                                .get(0)
                        instanceof TransactionAnswer.Accepted);
    }

    private static int other(Random random, int chains, int mailboxes) {
        List<Integer> rest = new ArrayList<>(List.of(0, 1, 2));
        rest.removeAll(List.of(chains, mailboxes));
        return rest.get(random.nextInt(rest.size()));
    }

    /** Stops the process that leads the chains, for longer than an election takes, and lets it go on. */
    void pause(Duration atLeast) throws Exception {
        int victim = cluster.leader(ClusterRecord.CHAINS);
        long moment = System.nanoTime();
        cluster.process(victim).pause();
        passed("leader paused", moment);
        TestCluster.patiently().until(() -> System.nanoTime() - moment > atLeast.toNanos());
        cluster.process(victim).goOn();
        cluster.awaitServing(victim);
    }

    /** Cuts the leader of the chains off from the others, not from its clients. */
    void partition() throws Exception {
        int victim = cluster.leader(ClusterRecord.CHAINS);
        long moment = System.nanoTime();
        cluster.isolate(victim);
        passed("leader cut off", moment);
        cluster.heal();
        cluster.awaitServing(victim);
    }

    /** Kills all at once. */
    void restartAll() throws Exception {
        for (int i = 0; i < ProcessCluster.SIZE; i++) {
            cluster.kill(i);
        }
        long moment = System.nanoTime(); // what was written while they died is no sign of life
        cluster.start(0, 1, 2);
        Duration back = load.awaitWritesSince(moment);
        System.out.printf("all killed: writes again after %d ms%n", back.toMillis());
    }

    /** Something that two nodes of three must get over. */
    void passed(String what, long moment) {
        Duration took = load.awaitWritesSince(moment);
        failOvers.computeIfAbsent(what, name -> new ArrayList<>()).add(took);
        assertThat(took).as("%s, seed %d", what, seed).isLessThan(LONGEST_FAIL_OVER);
    }

    /** Ends the load, compares the nodes, and judges what the clients saw. */
    ClusterEnd end() throws Exception {
        load.end();
        ClusterEnd end = ClusterEnd.of(cluster, load);
        failOvers.forEach((what, times) -> {
            Collections.sort(times);
            System.out.printf(
                    "%s: %d times, writes again after median %d ms, longest %d ms%n",
                    what,
                    times.size(),
                    times.get(times.size() / 2).toMillis(),
                    times.get(times.size() - 1).toMillis());
        });
        System.out.printf("seed=%d blocks=%d %s%n", seed, end.checkpoints().size(), load.record.sum());
        assertThat(load.record.faults(end)).as("seed %d", seed).isEmpty();
        return end;
    }
}
