package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.console.UsageFault;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.host.UnusableKeyException;
import dev.latchkey.transaction.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose files beside the tables are damaged: it refuses them on one line, or does without, and answers truly. */
class DamagedFilesTest {
    private static final Pattern TABLES =
            Pattern.compile(".*\\.(sst|log)|(MANIFEST|OPTIONS)-.*|CURRENT|IDENTITY|LOCK|LOG.*");

    @TempDir
    Path directory;

    @Test
    void aDozenDamagedFilesAreRefusedOrDoneWithout() throws Exception {
        damage(12);
    }

    @Test
    @Tag("long")
    void fiveHundredDamagedFilesAreRefusedOrDoneWithout() throws Exception {
        damage(500);
    }

    @Test
    void aMissingBlockIsFetchedAgainWithWhatFollowedIt() throws Exception {
        TestNetwork network = new TestNetwork();
        for (int i = 0; i < 5; i++) {
            network.joined("d-" + i);
        }
        try (TestCloud cloud = new TestCloud(network)) {
            cloud.start();
            TestGateway gateway = new TestGateway(directory, network, cloud.address());
            gateway.inService().close();
            try (Store store = Store.open(directory.resolve("data"), Runnable::run)) {
                ChainRows rows = ChainRows.of(store, network.chain.bytes());
                assertThat(rows.get(Table.BLOCKS, Key.of(2))).isPresent();
                store.submit(draft -> {
                            rows.delete(draft, Table.BLOCKS, Key.of(2));
                            return null;
                        })
                        .get(10, TimeUnit.SECONDS);
            }
            GatewayNode node = gateway.inService();
            try {
                org.awaitility.Awaitility.await()
                        .until(() -> node.status().chains().get(0).height()
                                == network.state().height());
            } finally {
                node.close();
            }
            try (Store store = Store.open(directory.resolve("data"), Runnable::run)) {
                assertThat(ChainRows.of(store, network.chain.bytes()).get(Table.BLOCKS, Key.of(2)))
                        .contains(network.blocksFrom(2).get(0));
            }
        }
    }

    private void damage(int times) throws Exception {
        TestNetwork network = new TestNetwork();
        Identity member = network.joined("d-1");
        Map<String, Integer> outcomes = new TreeMap<>();
        try (TestCloud cloud = new TestCloud(network);
                ClientThreads threads = new ClientThreads(1)) {
            cloud.start();
            TestGateway gateway = new TestGateway(directory, network, cloud.address());
            gateway.inService().close();
            for (int i = 0; i < times; i++) {
                List<Path> files = files();
                long seed = System.nanoTime();
                Path file = files.get(i % files.size());
                byte[] whole = Files.readAllBytes(file);
                Files.write(file, harmed(whole, new Random(seed)));
                String what = file.getFileName() + ", seed " + seed;
                try {
                    GatewayNode node = gateway.start();
                    try {
                        String outcome = serves(node, network, member, threads, what) ? "served" : "not in service";
                        outcomes.merge(outcome, 1, Integer::sum);
                    } finally {
                        node.close();
                    }
                } catch (UsageFault | UnusableKeyException e) {
                    assertThat(e.getMessage().lines()).as(what).hasSize(1);
                    outcomes.merge("refused", 1, Integer::sum);
                }
                if (!file.startsWith(directory.resolve("data"))) {
                    Files.write(file, whole);
                }
            }
        }
        System.out.printf("damaged files: %d, outcomes %s%n", times, outcomes);
        assertThat(outcomes).containsKey("refused");
    }

    /** A member gets its own record as the chain has it, or nothing at all. */
    private static boolean serves(
            GatewayNode node, TestNetwork network, Identity member, ClientThreads threads, String what)
            throws Exception {
        try {
            if (!node.awaitInService(Duration.ofSeconds(2))) {
                return false;
            }
        } catch (NotInServiceException e) {
            return false;
        }
        try (TestDevice device = TestDevice.member("d-1", member, network, node.address(), threads)) {
            CoapResponse answer = device.get("/k/d-1");
            assertThat(answer.code()).as(what).isEqualTo(Code.CONTENT);
            assertThat(answer.payload())
                    .as(what)
                    .isEqualTo(network.state().member("d-1").orElseThrow().encode());
            return true;
        }
    }

    /** All but the tables: settings, keys, secret, and what lies beside the tables in the data directory. */
    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .filter(file ->
                            !TABLES.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static byte[] harmed(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, at);
            case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 64), (byte) 0);
            default -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
        }
        return bytes;
    }
}
