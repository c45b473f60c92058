package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster as an operator makes it, shows it and changes it. */
class ClusterCommandTest {
    private static final int OFFSET = 1_000;

    @TempDir
    Path directory;

    private final Deque<CloudNode> running = new ArrayDeque<>();
    private volatile String said = "";

    @AfterEach
    void stopAll() {
        running.forEach(CloudNode::close);
    }

    @Test
    void showsAddsAndRemovesMembers() throws Exception {
        List<String> apis = List.of(free(), free(), free());
        assertThat(run(
                        "operator",
                        "init",
                        "--dir",
                        net("").toString(),
                        "--network",
                        "city",
                        "--chain",
                        "seattle",
                        "--cloud",
                        apis.get(0),
                        "--cloud",
                        apis.get(1),
                        "--cloud",
                        apis.get(2)))
                .as(said)
                .isZero();
        for (int i = 1; i <= 3; i++) {
            start("cloud-" + i);
        }
        String config = net("cloud-1/cloud.conf").toString();
        await(0, "cluster", "status", "--config", config);
        assertThat(said).contains("chains", "mailboxes", "n1", "n2", "n3", "leader", "follower");
        await(0, "cluster", "transfer", "--config", config, "--node", "n2");
        await(0, "doctor", "cloud", "--config", config);
        assertThat(said).contains("n2 leads", "member n3");
        String fourth = free();
        int colon = fourth.indexOf(':') + 1;
        String[] add = {
            "cluster",
            "add",
            "--config",
            config,
            "--node",
            "n4",
            "--api",
            fourth,
            "--dir",
            net("cloud-4").toString(),
            "--address",
            fourth.substring(0, colon) + (Integer.parseInt(fourth.substring(colon)) + OFFSET)
        };
        await(0, add);
        assertThat(said).contains("made", "policy change --dir net/operator --add-replica 0");
        assertThat(run(add)).isEqualTo(1); // it does not run yet
        start("cloud-4");
        await(0, add);
        assertThat(said).contains("added to chains", "added to mailboxes");
        await(0, "cluster", "remove", "--config", config, "--node", "n3");
        await(0, "cluster", "status", "--config", config);
        assertThat(said).contains("n4").doesNotContain("n3");
        assertThat(run("cluster", "remove", "--config", config, "--node", "n9")).isEqualTo(2);
    }

    @Test
    void aNodeAloneIsToldSo() throws Exception {
        assertThat(run("operator", "init", "--dir", net("").toString(), "--network", "city", "--chain", "seattle"))
                .isZero();
        String config = net("cloud/cloud.conf").toString();
        assertThat(run("cluster", "status", "--config", config)).isEqualTo(2);
        String[] init = {
            "cluster", "init", "--config", config, "--address", "127.0.0.1:19743", "--api", "127.0.0.1:19443"
        };
        assertThat(run(init)).isZero();
        assertThat(CloudSettings.load(Path.of(config), Optional.empty())
                        .cluster()
                        .orElseThrow()
                        .node())
                .isEqualTo("n1");
        assertThat(run(init)).isEqualTo(2);
        assertThat(run("cluster", "status", "--config", config)).isEqualTo(1);
    }

    private Path net(String file) {
        return directory.resolve("net").resolve(file);
    }

    private void start(String name) throws IOException {
        running.push(
                CloudNode.start(CloudSettings.load(net(name + "/cloud.conf"), Optional.empty()), Clock.systemUTC()));
    }

    /** An address whose port, and the log's above it, were free a moment ago. */
    private static String free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_500, 31_000);
            try (ServerSocket api = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket log = new ServerSocket(port + OFFSET, 1, InetAddress.getLoopbackAddress())) {
                assertThat(log.getLocalPort()).isEqualTo(port + OFFSET);
                return "127.0.0.1:" + api.getLocalPort();
            } catch (IOException e) {
                continue; // taken: try another
            }
        }
    }

    private void await(int code, String... arguments) {
        TestCluster.patiently()
                .untilAsserted(() -> assertThat(run(arguments)).as(said).isEqualTo(code));
    }

    private int run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Printed.to(out, out);
        try {
            return Cli.run(CloudMain.command(), new ArrayList<>(List.of(arguments)).toArray(String[]::new));
        } finally {
            Printed.end();
            said = out.toString();
        }
    }
}
