package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A chain that comes back from nothing but its export. */
class ImportTest {
    private static final int DAMAGES = Integer.getInteger("latchkey.damages", 6);

    /** Above every height: a message is judged by what stands in the chain when it arrives. */
    private static final long HEIGHT = 1_000_000_000;

    @TempDir
    Path directory;

    @RegisterExtension
    private final CaughtCommands commands = new CaughtCommands();

    private final TestNetwork network = new TestNetwork();
    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final Digest session = Digest.sha256(Bytes.utf8("session"));

    private void deliver(TestClient gateway, int counter) throws Exception {
        MessageBatch.Message message = new MessageBatch.Message(
                counter,
                "d-from",
                session,
                HEIGHT,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, counter, "reading " + counter),
                List.of("d-to"));
        Bytes epoch = Bytes.fromHex("0102030405060708");
        BatchAnswer answer = BatchAnswer.decode(Bytes.wrap(gateway.post(
                        "/v1/messages?chain=" + network.chain.toHex(),
                        new MessageBatch(epoch, List.of(network.ticket("d-from", sender, "gw-1")), List.of(message))
                                .encode())
                .body()));
        assertThat(answer.refused()).isEmpty();
    }

    private List<MailboxEntry> read(CloudNode node, long after) throws Exception {
        TestClient owner = new TestClient(network, node.address(), reader.dtls());
        List<MailboxEntry> entries = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(owner.body("/v1/mailboxes/{c}/d-to?after=" + after), 1 << 20)) {
            entries.add(MailboxEntry.fromItem(item));
        }
        return entries;
    }

    private Path exported(Path home) throws Exception {
        Path export = Files.createDirectories(home).resolveSibling("seattle.chain");
        try (CloudNode node = network.start(home)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            gateway.submit(
                    network.join("d-from", sender, network.voucher()), network.join("d-to", reader, network.voucher()));
            deliver(gateway, 1);
            deliver(gateway, 2);
        }
        assertThat(commands.run("export", "--dir", home.resolve("data"), "--out", export))
                .as(commands.err())
                .isZero();
        return export;
    }

    @Test
    void aNodeGoesOnFromAnExportAndReadersMissNothingNew() throws Exception {
        Path export = exported(directory.resolve("old"));
        Path home = directory.resolve("new");
        Path config = network.config(home, "groups { chains = 2, mailboxes = 2 }");
        Path tls = home.resolve("tls.pem");
        Path elsewhere = Files.move(tls, home.resolve("tls.away"));
        assertThat(commands.run("import", export, "--config", config))
                .as("no TLS key")
                .isNotZero();
        assertNothingWasMade(home);
        Files.move(elsewhere, tls);
        assertThat(commands.run("import", export, "--config", config))
                .as(commands.err())
                .isZero();
        assertThat(commands.out())
                .contains(network.chain.toHex(), "every block, root and signature is good", "--add-replica")
                .contains("--remove-replica " + network.replica.publicKey().kid());
        KeyPair replica = KeyFile.read(home.resolve("replica.pem"));
        assertThat(replica.publicKey()).isNotEqualTo(network.replica.publicKey());
        assertThat(commands.run("import", export, "--config", config)).isEqualTo(2);
        assertThat(commands.err()).contains("is not empty");
        try (CloudNode node = CloudNode.start(CloudSettings.load(config, Optional.empty()), Clock.systemUTC())) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            assertThat(gateway.get("/v1/chains/{c}/checkpoint").statusCode()).isEqualTo(503);
            SignedTransaction change = network.change(
                    network.firstPolicy(),
                    next -> TestNetwork.withReplicas(
                            next, 1, new Policy.Replica(replica.publicKey(), network.tls.publicKey())));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .ignoreException(IOException.class)
                    .until(() -> gateway.submit(change).get(0) instanceof TransactionAnswer.Accepted);
            assertThat(gateway.get("/v1/chains/{c}/checkpoint").statusCode()).isEqualTo(200);
            assertThat(read(node, 0)).isEmpty();
            deliver(gateway, 3);
            // the cursor of who had read all before
            assertThat(read(node, 2))
                    .extracting(MailboxEntry::message)
                    .containsExactly(Readings.reading(session, 3, "reading 3"));
        }
    }

    @Test
    void aDamagedExportIsRefusedByHeightAndReasonAndNothingIsMade() throws Exception {
        Path export = exported(directory.resolve("old"));
        byte[] whole = Files.readAllBytes(export);
        Path home = directory.resolve("new");
        Path config = network.config(home);
        Path damaged = directory.resolve("damaged.chain");
        Random random = new Random(1);
        for (int i = 0; i < DAMAGES; i++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            assertThat(commands.run("import", damaged, "--config", config))
                    .as("bit of byte %d", at)
                    .isEqualTo(1);
            assertThat(commands.err()).as("bit of byte %d", at).contains("nothing was made");
            assertNothingWasMade(home);
        }
        byte[] block = whole.clone();
        block[whole.length / 2] ^= 1;
        Files.write(damaged, block);
        assertThat(commands.run("import", damaged, "--config", config)).isEqualTo(1);
        assertThat(commands.err()).contains("chain " + network.chain.toHex() + ", height ");
        Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
        assertThat(commands.run("import", damaged, "--config", config)).isEqualTo(1);
        assertThat(commands.err()).contains("nothing was made");
        assertThat(commands.run("import", export, export, "--config", config)).isEqualTo(2);
        assertThat(commands.err()).contains("comes twice");
        assertThat(commands.out()).as("said before the work").doesNotContain("import of");
        assertThat(commands.run("import", directory.resolve("none"), "--config", config))
                .isEqualTo(2);
        assertThat(commands.err()).contains("there is no such export");
        assertNothingWasMade(home);
    }

    private void assertNothingWasMade(Path home) throws Exception {
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(home.resolve("data.restoring")).doesNotExist();
        assertThat(KeyFile.read(home.resolve("replica.pem")).publicKey()).isEqualTo(network.replica.publicKey());
    }
}
