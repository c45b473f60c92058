package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.console.Cli;
import dev.latchkey.protocol.Problem;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node says that it is not ready, and why. */
class ReadinessTest {
    private static final ReadySettings BOUNDS = new ReadySettings(1_000, 50);
    private static final Readiness.Group WELL = new Readiness.Group(true, 50);

    @TempDir
    Path directory;

    private static Optional<Unready> missing(boolean known, Readiness.Group group, boolean begun, boolean signing) {
        return new Readiness(known, List.of(WELL, group), true, begun, signing, true, 1_000).missing(BOUNDS);
    }

    @Test
    void eachReasonHasItsOwnWords() {
        assertThat(missing(true, WELL, true, true)).isEmpty();
        assertThat(missing(false, WELL, true, true)).contains(Unready.STATE_UNKNOWN);
        assertThat(missing(true, new Readiness.Group(false, 0), true, true)).contains(Unready.NO_LEADER);
        assertThat(missing(true, WELL, false, true)).contains(Unready.NOT_BEGUN);
        assertThat(missing(true, WELL, true, false)).contains(Unready.NOT_SIGNED);
        assertThat(missing(true, new Readiness.Group(true, 51), true, true)).contains(Unready.BEHIND);
        assertThat(new Readiness(true, List.of(WELL), true, true, true, true, 999).missing(BOUNDS))
                .contains(Unready.DISK);
        assertThat(new Readiness(true, List.of(WELL), false, true, true, true, 1_000).missing(BOUNDS))
                .contains(Unready.CLOCK);
        assertThat(new Readiness(true, List.of(WELL), true, true, true, false, 1_000).missing(BOUNDS))
                .contains(Unready.DIFFERS);
        for (Unready each : Unready.values()) {
            assertThat(Unready.of(each.reason())).contains(each);
        }
    }

    @Test
    void lagIsBehindWhatAnyMemberCommitted() {
        Member one = new Member("n1", "h:1", "h:2", "02");
        Member two = new Member("n2", "h:3", "h:4", "03");
        GroupStatus status = new GroupStatus(
                "chains",
                "follower",
                Optional.of("n2"),
                3,
                100,
                90,
                List.of(new GroupStatus.MemberStatus(one, 100, 0), new GroupStatus.MemberStatus(two, 140, 0)));
        assertThat(Readiness.Group.of(status, true)).isEqualTo(new Readiness.Group(true, 50));
    }

    @Test
    void aNodeOnAFullDiskSaysSoAndTheDoctorSaysWhatToDo() throws Exception {
        TestNetwork network = new TestNetwork();
        CloudSettings settings = network.settings(directory).with(new ReadySettings(1L << 50, 10_000));
        try (CloudNode node = CloudNode.start(settings, Clock.systemUTC())) {
            TestClient client = new TestClient(network, node.address(), network.gateway.dtls());
            HttpResponse<byte[]> answer = client.get("/readyz");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Problem.decode(Bytes.wrap(answer.body())))
                    .isEqualTo(new Problem("not-ready", Unready.DISK.reason()));
            assertThat(client.get("/v1/chains").statusCode()).as("it serves on").isEqualTo(200);
            Path config = directory.resolve("cloud.conf");
            Files.writeString(
                    config, "listen = \"127.0.0.1:" + node.address().getPort() + "\"\nready.disk-free = 1024 TiB\n");
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            Printed.to(said, said);
            try {
                assertThat(Cli.run(CloudMain.command(), "doctor", "cloud", "--config", config.toString()))
                        .isEqualTo(Cli.FAILED);
            } finally {
                Printed.end();
            }
            assertThat(said.toString())
                    .containsPattern("disk +fail")
                    .containsPattern("ready +fail +" + Unready.DISK.reason())
                    .contains("-> " + Unready.DISK.advice());
        }
    }
}
