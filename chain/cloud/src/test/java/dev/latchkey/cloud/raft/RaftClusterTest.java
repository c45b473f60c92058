package dev.latchkey.cloud.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.FreePorts;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.TimeDuration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of several members in this process, over real TLS on loopback. */
@Order(2)
class RaftClusterTest {
    private static final String GROUP = "letters";
    private static final Retention SHORT = new Retention(20, 0, 64 << 10);

    @TempDir
    Path directory;

    private final Map<String, KeyPair> keys = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, FileMachine> machines = new TreeMap<>();
    private final Map<String, RaftNode> running = new TreeMap<>();

    @AfterEach
    void stopAll() throws IOException {
        for (String id : List.copyOf(running.keySet())) {
            stop(id);
        }
    }

    @Test
    void sendsASnapshotToAMemberThatWasAwayForLongerThanTheLogReaches() throws Exception {
        startThree(SHORT);
        submit("first");
        awaitEntries("n3", 1);
        stop("n3");
        fillTheLog();
        start("n3", founders(), SHORT);
        awaitEntries("n3", 41);
        assertThat(machines.get("n3").replaced).isEqualTo(1);
        assertThat(machines.get("n3").entries).isEqualTo(machines.get(leader()).entries);
        submit("last");
        awaitEntries("n3", 42);
    }

    @Test
    void makesASnapshotOfFewEntriesIfTheyAreLarge() throws Exception {
        startThree(new Retention(100_000, 0, 64 << 10));
        for (int i = 0; i < 3; i++) {
            submit(i + "x".repeat(400_000)); // 1 MiB is 16 files of the log
        }
        patiently().until(() -> snapshots("n1") > 0 && snapshots("n2") > 0 && snapshots("n3") > 0);
    }

    /** With heartbeats alone each would take some 400 ms, so all of them 8 s. */
    @Test
    void aMemberAppliesALoneEntryAtOnce() throws Exception {
        startThree(Retention.DEFAULT);
        submit("first");
        awaitEntries("n1", 1);
        awaitEntries("n2", 1);
        awaitEntries("n3", 1);
        long begun = System.nanoTime();
        for (int i = 2; i <= 21; i++) {
            submit("another");
            int entries = i;
            patiently()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> machines.values().stream().allMatch(machine -> machine.entries.size() == entries));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    }

    /** Ratis by itself would end the process. */
    @Test
    void aPortInUseIsSaid() throws Exception {
        addMember("n1");
        machines.put("n1", new FileMachine());
        String address = members.get("n1").address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> start("n1", founders(), Retention.DEFAULT))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(address + ": the port is in use");
        }
    }

    private long snapshots(String id) throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve(id))) {
            return all.filter(path -> path.getFileName().toString().startsWith("copy-"))
                    .count();
        }
    }

    @Test
    void refusesANodeWithAnUnknownKeyUnderAKnownName() throws Exception {
        startThree(Retention.DEFAULT);
        submit("one");
        awaitEntries("n3", 1);
        stop("n3");
        keys.put("n3", KeyPair.generate(new SecureRandom()));
        machines.put("n3", new FileMachine());
        start("n3", founders(), Retention.DEFAULT, directory.resolve("intruder"));
        submit("two");
        assertThat(barrier("n3").pass())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RaftFault.class);
        assertThat(machines.get("n3").entries).isEmpty();
        assertThat(running.get("n3").membership().leader(GROUP)).isEmpty();
    }

    /** What the others confirmed for the same commit index before must not count. */
    @Test
    void aLeaderWithoutTheOthersLetsNobodyRead() throws Exception {
        startThree(Retention.DEFAULT);
        submit("one");
        String leader = leader();
        Barrier barrier = barrier(leader);
        assertThat(barrier.pass()).succeedsWithin(20, TimeUnit.SECONDS);
        for (String other : List.of("n1", "n2", "n3")) {
            if (!other.equals(leader)) {
                stop(other);
            }
        }
        assertThat(barrier.pass())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RaftFault.class);
    }

    @Test
    void whoPassesTheBarrierHasAppliedWhatWasAcknowledgedBefore() throws Exception {
        startThree(Retention.DEFAULT);
        for (int i = 0; i < 8; i++) {
            submit("entry " + i);
            for (String id : List.of("n1", "n2", "n3")) {
                assertThat(barrier(id).pass()).succeedsWithin(20, TimeUnit.SECONDS);
                assertThat(machines.get(id).entries).hasSize(i + 1);
            }
        }
    }

    private Barrier barrier(String id) {
        return new Barrier(
                running.get(id),
                GROUP,
                (leader, group) -> running.get(leader.id()).mark(group));
    }

    @Test
    void takesMembersInAndLetsThemGoOneAtATime() throws Exception {
        startThree(SHORT);
        fillTheLog();
        addMember("n4");
        start("n4", List.of(), SHORT);
        done(running.get(leader()).membership().add(GROUP, members.get("n4")));
        awaitEntries("n4", 40);
        String before = leader();
        done(running.get(before).membership().transfer(GROUP, "n4"));
        patiently().until(() -> leader().equals("n4"));
        done(running.get("n4").membership().remove(GROUP, before));
        stop(before);
        submit("without");
        assertThat(running.get("n4").membership().members(GROUP))
                .extracting(Member::id)
                .doesNotContain(before)
                .hasSize(3);
        patiently().until(() -> machines.get("n4").entries.contains("without"));
    }

    @Test
    void aMemberAloneTakesInOthersAndKeepsWhatItHad() throws Exception {
        addMember("n1");
        machines.put("n1", new FileMachine());
        running.put(
                "n1",
                RaftNode.start(
                        directory.resolve("n1"),
                        Map.of(GROUP, machines.get("n1")),
                        Optional.empty(),
                        cause -> {},
                        Duration.ofSeconds(20)));
        submit("alone");
        stop("n1");
        start("n1", List.of(members.get("n1")), Retention.DEFAULT);
        submit("with a port");
        addMember("n2");
        start("n2", List.of(), Retention.DEFAULT);
        done(running.get("n1").membership().add(GROUP, members.get("n2")));
        awaitEntries("n2", 2);
        assertThat(machines.get("n2").entries).containsExactly("alone", "with a port");
        assertThat(running.get("n2").membership().members(GROUP)).containsExactlyInAnyOrderElementsOf(members.values());
    }

    @Test
    void runsWithTheSettingsOfACluster() throws Exception {
        addMember("n1");
        start("n1", founders(), Retention.DEFAULT);
        RaftProperties p = running.get("n1").properties();
        assertThat(GrpcConfigKeys.Server.host(p)).isEqualTo("127.0.0.1");
        assertThat(RaftServerConfigKeys.Rpc.timeoutMin(p)).isEqualTo(millis(800));
        assertThat(RaftServerConfigKeys.Rpc.timeoutMax(p)).isEqualTo(millis(1_400));
        assertThat(RaftServerConfigKeys.Rpc.firstElectionTimeoutMin(p)).isEqualTo(millis(300));
        assertThat(RaftServerConfigKeys.Rpc.firstElectionTimeoutMax(p)).isEqualTo(millis(700));
        assertThat(RaftServerConfigKeys.LeaderElection.preVote(p)).isTrue();
        assertThat(RaftServerConfigKeys.LeaderElection.leaderStepDownWaitTime(p).toLong(TimeUnit.MILLISECONDS))
                .isEqualTo(1_500);
        assertThat(GrpcConfigKeys.Server.leaderOutstandingAppendsMax(p)).isEqualTo(32);
        assertThat(RaftServerConfigKeys.Log.Appender.snapshotChunkSizeMax(p).getSizeInt())
                .isEqualTo(1 << 20);
        assertThat(RaftServerConfigKeys.Log.Appender.installSnapshotEnabled(p)).isTrue();
        assertThat(RaftServerConfigKeys.Log.purgePreservationLogNum(p)).isEqualTo(10_000);
        assertThat(RaftServerConfigKeys.closeThreshold(p).toLong(TimeUnit.DAYS)).isEqualTo(1);
        assertThat(RaftServerConfigKeys.Read.option(p)).isEqualTo(RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        assertThat(RaftServerConfigKeys.Read.leaderLeaseEnabled(p)).isFalse();
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private static void done(java.util.concurrent.CompletionStage<Void> change) throws Exception {
        change.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void addMember(String id) throws IOException {
        keys.put(id, KeyPair.generate(new SecureRandom()));
        members.put(
                id,
                new Member(
                        id,
                        "127.0.0.1:" + FreePorts.take(1).get(0),
                        "127.0.0.1:1",
                        keys.get(id).publicKey().encode().toHex()));
    }

    private List<Member> founders() {
        return List.copyOf(members.values());
    }

    private void startThree(Retention retention) throws IOException {
        for (String id : List.of("n1", "n2", "n3")) {
            addMember(id);
        }
        for (String id : List.of("n1", "n2", "n3")) {
            start(id, founders(), retention);
        }
    }

    private void start(String id, List<Member> founders, Retention retention) throws IOException {
        start(id, founders, retention, directory.resolve(id));
    }

    private void start(String id, List<Member> founders, Retention retention, Path home) throws IOException {
        Member self = members.get(id);
        int port = Integer.parseInt(self.address().substring(self.address().indexOf(':') + 1));
        Transport transport = new Transport(
                self,
                "127.0.0.1",
                port,
                founders,
                founders(),
                retention,
                PinnedTls.keyManager(keys.get(id)),
                welcome ->
                        PinnedTls.trustManager(key -> welcome.test(key.encode().toHex())));
        FileMachine machine = machines.computeIfAbsent(id, unused -> new FileMachine());
        running.put(
                id,
                RaftNode.start(
                        home, Map.of(GROUP, machine), Optional.of(transport), cause -> {}, Duration.ofSeconds(20)));
    }

    private void stop(String id) throws IOException {
        running.remove(id).close();
    }

    private String leader() {
        List<String> found = new ArrayList<>();
        patiently().until(() -> {
            running.forEach((id, node) -> {
                if (node.isReady(GROUP)) {
                    found.add(id);
                }
            });
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Submits until it is committed; a leader that has just gone is asked for again. */
    private void submit(String text) {
        patiently()
                .ignoreExceptions()
                .until(() -> running.get(leader())
                        .submit(GROUP, Bytes.utf8(text))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .toUtf8()
                        .startsWith("reply"));
    }

    /** 40 entries of 5 kB, more than a few files of a short log. */
    private void fillTheLog() throws Exception {
        RaftNode leader = running.get(leader());
        for (int i = 0; i < 40; i++) {
            leader.submit(GROUP, Bytes.utf8(i + "x".repeat(5_000)))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private void awaitEntries(String id, int count) {
        patiently().until(() -> machines.get(id).entries.size() == count);
    }
}
