package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node signs one history of a chain and no other, whatever happens to its directory. */
class HonestyTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final Voucher voucher = network.voucher();

    private SignedTransaction join(String name) {
        return network.join(name, Identity.generate(TestNetwork.RANDOM), voucher);
    }

    private TestClient gateway(CloudNode node) {
        return new TestClient(network, node.address(), network.gateway.dtls());
    }

    /** Block 1 on the node, a copy of its directory, then blocks 2 and 3. */
    private Path rolledBack() throws Exception {
        try (CloudNode node = network.start(directory)) {
            gateway(node).submit(join("d-1"));
        }
        Path copy = directory.resolve("copy");
        copyTree(directory.resolve("data"), copy);
        try (CloudNode node = network.start(directory)) {
            gateway(node).submit(join("d-2"));
            gateway(node).submit(join("d-3"));
        }
        return copy;
    }

    @Test
    void aDirectoryRolledBackDoesNotSignASecondHistory() throws Exception {
        Path copy = rolledBack();
        for (String part : new String[] {"chains", "mailboxes", "raft"}) {
            deleteTree(directory.resolve("data").resolve(part));
            copyTree(copy.resolve(part), directory.resolve("data").resolve(part));
        }
        try (CloudNode node = network.start(directory)) {
            TestClient gateway = gateway(node);
            HttpResponse<byte[]> why = gateway.get("/v1/chains/{c}/checkpoint");
            assertThat(why.statusCode()).isEqualTo(503);
            assertThat(Problem.decode(Bytes.wrap(why.body())).detail()).contains("rolled back");
            assertThat(new String(gateway.get("/metrics").body())).contains("latchkey_alarm_rolled_back 1.0");
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> answer = gateway.post(
                        "/v1/chains/{c}/transactions", join("d-other-" + i).encode());
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(TestClient.code(answer)).isEqualTo("no-checkpoint");
            }
            assertThat(Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                            .asArray()
                            .get(3)
                            .asUint())
                    .isEqualTo(4);
            assertThat(gateway.get("/v1/chains/{c}/checkpoint").statusCode()).isEqualTo(503);
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(new String(gateway.get("/metrics").body())).contains("latchkey_alarm_other_history 1.0");
        }
    }

    @Test
    void aNodeWithoutItsGuardDoesNotSign() throws Exception {
        try (CloudNode node = network.start(directory)) {
            gateway(node).submit(join("d-1"));
        }
        deleteTree(directory.resolve("data").resolve("guard"));
        try (CloudNode node = network.start(directory)) {
            assertThat(gateway(node).get("/v1/chains/{c}/checkpoint").statusCode())
                    .isEqualTo(503);
            assertThat(new String(gateway(node).get("/metrics").body())).contains("latchkey_alarm_guard_lost 1.0");
        }
    }

    @Test
    void aChainThatDemandsWorkGetsIt() throws Exception {
        TestNetwork hard = new TestNetwork(6);
        Path other = directory.resolve("hard");
        Files.createDirectories(other);
        try (CloudNode node = hard.start(other)) {
            TestClient gateway = new TestClient(hard, node.address(), hard.gateway.dtls());
            Voucher voucherOfHard = hard.voucher();
            SignedTransaction first = hard.join("d-1", Identity.generate(TestNetwork.RANDOM), voucherOfHard);
            SignedTransaction second = hard.join("d-2", Identity.generate(TestNetwork.RANDOM), voucherOfHard);
            assertThat(gateway.submit(first, second)).hasOnlyElementsOfType(TransactionAnswer.Accepted.class);
            Bytes summary = gateway.body("/v1/chains/{c}");
            assertThat(Cbor.decode(summary, 4096).asArray().get(4).asBytes().get(0) & 0xfc)
                    .isZero();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
