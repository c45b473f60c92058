package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.console.Cli;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.Identity;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Export and audit of a node in a process of its own: while it runs, by its API; once it stopped, by its directory. */
class ExportTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Process node;

    @BeforeEach
    void capture() {
        Printed.to(out, err);
    }

    @AfterEach
    void release() throws InterruptedException {
        Printed.end();
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
    }

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        return Cli.run(
                CloudMain.command(), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void oneChainByThreeWays() throws Exception {
        String chain = network.chain.toHex();
        Path data = network.settings(directory).data();
        Path member = directory.resolve("member");
        Path gateway = directory.resolve("gateway");
        Identity joined = Identity.generate(TestNetwork.RANDOM);
        IdentityDirectory.write(member, joined);
        IdentityDirectory.write(gateway, network.gateway);
        InetSocketAddress address = start();
        String url = "https://127.0.0.1:" + address.getPort();
        TestClient client = new TestClient(network, address, network.gateway.dtls());
        client.submit(network.join("d-member", joined, network.voucher()));

        // a running node, by its API
        Path byUrl = directory.resolve("by-url.chain");
        assertThat(run("export", "--url", url, "--key", gateway, "--out", byUrl))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("chain id " + chain).contains("2 blocks");
        assertThat(run("audit", url, "--key", gateway, "--chain", chain))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("join by voucher", "good: every link")
                .doesNotContain("compare the chain");

        // not everybody, and not behind its back
        assertThat(run("export", "--url", url, "--key", member, "--out", directory.resolve("no")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("403", "forbidden");
        assertThat(run("export", "--url", url, "--out", directory.resolve("no")))
                .isEqualTo(2);
        assertThat(run("export", "--dir", data, "--out", directory.resolve("no")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("a node runs on this directory");
        assertThat(directory.resolve("no")).doesNotExist();

        // a node that was killed, by its directory, which stays as it is
        node.destroyForcibly().waitFor();
        Map<String, Long> before = contents(data);
        Path byDirectory = directory.resolve("by-directory.chain");
        assertThat(run("export", "--dir", data, "--out", byDirectory))
                .as(err.toString())
                .isZero();
        assertThat(run("audit", data)).as(err.toString()).isZero();
        assertThat(out.toString()).contains(chain, "compare the chain id");
        assertThat(contents(data)).isEqualTo(before);
        assertThat(blocksOf(byDirectory)).isEqualTo(blocksOf(byUrl));

        // files
        assertThat(run("audit", byDirectory, "--chain", chain, "--json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("{\"good\":true,\"chain\":\"" + chain + "\",\"chain_expected\":true");
        assertThat(run("audit", byDirectory, "--chain", "00".repeat(32))).isEqualTo(1);
        assertThat(err.toString()).contains("FAULT at height 0: chain");
        assertThat(run("audit", directory.resolve("member/sig.pem"), "--json")).isEqualTo(1);
        assertThat(out.toString()).startsWith("{\"good\":false,\"height\":0,\"reason\":\"source: ");
        assertThat(run("audit", directory.resolve("nowhere"))).isEqualTo(2);
        assertThat(err.toString()).contains("no such file");
        assertThat(run("audit", byDirectory, "--chain", "12")).isEqualTo(2);
        assertThat(run("export", "--dir", data, "--out", byUrl)).isEqualTo(2);
        assertThat(run("export", "--url", "http://127.0.0.1:1", "--out", directory.resolve("no")))
                .isEqualTo(2);
        assertThat(err.toString()).contains("begin with https://");
        assertThat(run("audit", "http://127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString()).contains("https://");
        assertThat(run("audit", data.getParent())).isEqualTo(2);
        assertThat(err.toString()).contains("its data are in " + data).hasLineCount(1);
        assertThat(run("export", "--dir", gateway, "--out", directory.resolve("no")))
                .isEqualTo(2);
    }

    private InetSocketAddress start() throws IOException {
        Path conf = directory.resolve("cloud.conf");
        Files.writeString(conf, "listen = \"127.0.0.1:0\"\ngenesis = [\"genesis.cose\"]\n");
        node = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.latchkey.cloud.CloudMain",
                        "cloud",
                        "--config",
                        conf.toString(),
                        "--stop-with-stdin")
                .redirectError(directory.resolve("log").toFile())
                .start();
        String ready = new BufferedReader(new InputStreamReader(node.getInputStream())).readLine();
        assertThat(ready).as(Files.readString(directory.resolve("log"))).startsWith("READY https=127.0.0.1:");
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)));
    }

    /** Names, sizes and times of all files. */
    private static Map<String, Long> contents(Path directory) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                found.put(path.toString(), Files.getLastModifiedTime(path).toMillis() ^ Files.size(path) << 44);
            }
        }
        return found;
    }

    /** All of an export but its checkpoint, which may have been signed anew. */
    private static String blocksOf(Path export) throws Exception {
        List<Item> items = Cbor.decodeSequence(Bytes.wrap(Files.readAllBytes(export)), 1 << 20);
        return items.subList(0, items.size() - 1).toString();
    }
}
