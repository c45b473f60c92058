package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.backup.BackupStores;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Backup of a running node and what becomes of it, by the commands. */
class BackupTest {
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
    private final Bytes epoch = Bytes.wrap(TestNetwork.RANDOM.generateSeed(8));
    private final Digest session = Digest.sha256(epoch);

    private BatchAnswer deliver(TestClient gateway, int... counters) throws Exception {
        List<MessageBatch.Message> messages = new ArrayList<>();
        for (int counter : counters) {
            messages.add(new MessageBatch.Message(
                    counter,
                    "d-from",
                    session,
                    HEIGHT,
                    System.currentTimeMillis(),
                    ContentFormat.COSE_ENCRYPT0,
                    Readings.reading(session, counter, "reading " + counter),
                    List.of("d-to")));
        }
        HttpResponse<byte[]> answer = gateway.post(
                "/v1/messages?chain=" + network.chain.toHex(),
                new MessageBatch(epoch, List.of(network.ticket("d-from", sender, "gw-1")), messages).encode());
        return BatchAnswer.decode(Bytes.wrap(answer.body()));
    }

    private List<MailboxEntry> read(CloudNode node, long after) throws Exception {
        TestClient owner = new TestClient(network, node.address(), reader.dtls());
        List<MailboxEntry> entries = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(owner.body("/v1/mailboxes/{c}/d-to?after=" + after), 1 << 20)) {
            entries.add(MailboxEntry.fromItem(item));
        }
        return entries;
    }

    /** A node with members, and messages of which the first was acknowledged. */
    private CloudNode begun(Path home) throws Exception {
        CloudNode node = network.start(home);
        TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
        gateway.submit(
                network.join("d-from", sender, network.voucher()), network.join("d-to", reader, network.voucher()));
        assertThat(deliver(gateway, 1, 2, 3, 4).refused()).isEmpty();
        TestClient owner = new TestClient(network, node.address(), reader.dtls());
        owner.send(owner.request("/v1/mailboxes/{c}/d-to?upto=1").DELETE().build());
        return node;
    }

    private int backup(Path config, CloudNode node, Path to) {
        return commands.run(
                "backup",
                "--config",
                config,
                "--node",
                "127.0.0.1:" + node.address().getPort(),
                "--out",
                to);
    }

    @Test
    void bringsBackAllThatWasAcknowledgedAndGoesOn() throws Exception {
        Path old = directory.resolve("old");
        Path oldConfig = network.config(old);
        Path archive = directory.resolve("monday.backup");
        Path export = directory.resolve("seattle.chain");
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Bytes blocks;
        try (CloudNode node = begun(old)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> join(gateway, goesOn));
            assertThat(backup(oldConfig, node, archive)).as(commands.err()).isZero();
            goesOn.set(false);
            assertThat(load.join()).isPositive();
            assertThat(commands.out()).contains("1 chain of ", "rows of mailboxes");
            assertThat(backup(oldConfig, node, archive)).isEqualTo(2); // nothing is written over
            gateway.submit(network.join("d-late", Identity.generate(TestNetwork.RANDOM), network.voucher()));
            deliver(gateway, 5); // is lost: no backup has it, and the gateway was told that it is safe
            assertThat(read(node, 1)).hasSize(4);
            blocks = gateway.body("/v1/chains/{c}/blocks?from=0&to=" + height(gateway));
        }
        assertThat(Files.getPosixFilePermissions(archive)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(commands.run("export", "--dir", old.resolve("data"), "--out", export))
                .isZero();

        Path home = directory.resolve("new");
        Path config = network.config(home);
        assertThat(commands.run("restore", archive, "--config", config)).isEqualTo(2);
        assertThat(commands.err()).contains("--beyond", "--propose-loss");
        assertThat(commands.out()).as("said before the work").doesNotContain("restore of");
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", export))
                .as(commands.err())
                .isZero();
        assertThat(commands.out()).contains("every block, root and signature is good", "--add-replica");
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", export))
                .isEqualTo(2);
        assertThat(commands.err()).contains("is not empty");
        goesOnFromARestore(home, blocks);
    }

    private int join(TestClient gateway, AtomicBoolean goesOn) {
        int joined = 0;
        try {
            do {
                List<TransactionAnswer> answers = gateway.submit(
                        network.join("d-load-" + joined, Identity.generate(TestNetwork.RANDOM), network.voucher()));
                assertThat(answers.get(0)).isInstanceOf(TransactionAnswer.Accepted.class);
                joined++;
            } while (goesOn.get());
            return joined;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long height(TestClient client) throws Exception {
        return Cbor.decode(client.body("/v1/chains/{c}"), 4096).asArray().get(3).asUint();
    }

    private void goesOnFromARestore(Path home, Bytes blocks) throws Exception {
        KeyPair replica = KeyFile.read(home.resolve("replica.pem"));
        assertThat(replica.publicKey()).isNotEqualTo(network.replica.publicKey());
        long last;
        try (CloudNode node = network.start(home)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            assertThat(gateway.body("/v1/chains/{c}/blocks?from=0&to=" + height(gateway)))
                    .isEqualTo(blocks);
            assertThat(gateway.get("/v1/chains/{c}/checkpoint").statusCode()).isEqualTo(503);
            Policy first = network.firstPolicy();
            SignedTransaction change = network.change(
                    first,
                    next -> TestNetwork.withReplicas(
                            next, 1, new Policy.Replica(replica.publicKey(), network.tls.publicKey())));
            // it is in the log at once; the first answers come from before anybody may sign
            patiently()
                    .ignoreException(IOException.class)
                    .until(() -> gateway.submit(change).get(0) instanceof TransactionAnswer.Accepted);
            Bytes checkpoint = gateway.body("/v1/chains/{c}/checkpoint");
            CheckpointVerifier.verify(
                    checkpoint,
                    PolicyChain.verify(
                            network.chain, List.of(network.genesis.encode(), change.encode()), TestNetwork.VERIFIER),
                    TestNetwork.VERIFIER);
            // a reader who had read all finds what waited again, under sequences that were never given
            List<MailboxEntry> waiting = read(node, 5);
            assertThat(waiting)
                    .extracting(MailboxEntry::message)
                    .containsExactly(
                            Readings.reading(session, 2, "reading 2"),
                            Readings.reading(session, 3, "reading 3"),
                            Readings.reading(session, 4, "reading 4"));
            assertThat(deliver(gateway, 4, 6).refused()).isEmpty(); // one of them is known
            List<MailboxEntry> more = read(node, waiting.get(2).sequence());
            assertThat(more)
                    .extracting(MailboxEntry::sequence)
                    .containsExactly(waiting.get(2).sequence() + 1);
            TestClient owner = new TestClient(network, node.address(), reader.dtls());
            last = more.get(0).sequence();
            owner.send(owner.request("/v1/mailboxes/{c}/d-to?upto=" + (last - 1))
                    .DELETE()
                    .build());
        }
        try (CloudNode again = network.start(home)) {
            assertThat(read(again, 0)).extracting(MailboxEntry::sequence).containsExactly(last);
            TestClient gateway = new TestClient(network, again.address(), network.gateway.dtls());
            assertThat(gateway.get("/v1/chains/{c}/checkpoint").statusCode()).isEqualTo(200);
        }
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().atMost(Duration.ofMinutes(1));
    }

    @Test
    void refusesADamagedArchiveByPlaceAndReasonAndMakesNothing() throws Exception {
        Path old = directory.resolve("old");
        Path archive = directory.resolve("monday.backup");
        Path oldConfig = network.config(old);
        try (CloudNode node = begun(old)) {
            assertThat(backup(oldConfig, node, archive)).as(commands.err()).isZero();
        }
        byte[] whole = Files.readAllBytes(archive);
        Path home = directory.resolve("new");
        Path config = network.config(home);
        Path damaged = directory.resolve("damaged");
        Random random = new Random(1);
        for (int i = 0; i < DAMAGES; i++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            assertThat(commands.run("restore", damaged, "--config", config, "--beyond", old.resolve("data")))
                    .as("bit of byte %d", at)
                    .isNotZero();
            assertThat(commands.err()).as("bit of byte %d", at).containsAnyOf("damaged at", "chain ", "backup");
            assertThat(home.resolve("data")).doesNotExist();
            assertThat(home.resolve("data.restoring")).doesNotExist();
        }
        Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
        assertThat(commands.run("restore", damaged, "--config", config, "--beyond", old.resolve("data")))
                .isEqualTo(1);
        assertThat(commands.err()).contains("the backup is damaged at");
        Files.write(damaged, Arrays.copyOf(whole, whole.length + 1));
        assertThat(commands.run("restore", damaged, "--config", config, "--beyond", old.resolve("data")))
                .isEqualTo(1);
        assertThat(commands.err()).contains("something follows the end");
        assertThat(KeyFile.read(home.resolve("replica.pem")).publicKey()).isEqualTo(network.replica.publicKey());
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", old.resolve("data")))
                .isZero();
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        Path old = directory.resolve("old");
        Path archive = directory.resolve("monday.backup");
        Path oldConfig = network.config(old);
        try (CloudNode node = begun(old)) {
            assertThat(backup(oldConfig, node, archive)).isZero();
        }
        assertThat(commands.run(
                        "backup", "--config", oldConfig, "--node", "127.0.0.1:9", "--out", directory.resolve("no")))
                .isEqualTo(1);
        assertThat(commands.err()).contains("no node answers");
        assertThat(directory.resolve("no")).doesNotExist();
        Path config = network.config(directory.resolve("new"), "groups.chains = 2");
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", old.resolve("data")))
                .isEqualTo(2);
        assertThat(commands.err()).contains("groups: the settings give chains-1of2");
        Path other = directory.resolve("other.chain");
        TestNetwork others = new TestNetwork();
        others.start(Files.createDirectories(directory.resolve("others"))).close();
        assertThat(commands.run("export", "--dir", directory.resolve("others/data"), "--out", other))
                .isZero();
        Path fitting = network.config(directory.resolve("new"));
        assertThat(commands.run("restore", archive, "--config", fitting, "--beyond", other))
                .isEqualTo(1);
        assertThat(commands.err()).contains("the backup has no chain " + others.chain.toHex());
        byte[] bytes = Files.readAllBytes(archive);
        Path newer = directory.resolve("newer");
        bytes["latchkey-backup".length() + 2] = 2;
        Files.write(newer, bytes);
        assertThat(commands.run("restore", newer, "--config", fitting, "--beyond", old.resolve("data")))
                .isEqualTo(1);
        assertThat(commands.err()).contains("the backup is of version 2, this program reads version 1");
        assertThat(commands.run("restore", other, "--config", fitting, "--beyond", old.resolve("data")))
                .isEqualTo(1);
        assertThat(commands.err()).contains("this is no backup of a cloud node");
    }

    @Test
    void thereIsOneCopyAtATimeAndNothingIsLeftOfIt() throws Exception {
        BackupStores stores = new BackupStores(directory);
        try (BackupStores.Copy first = stores.copy().orElseThrow()) {
            assertThat(stores.copy()).isEmpty();
            assertThat(first).isNotNull();
        }
        assertThat(directory).isEmptyDirectory();
        stores.copy().orElseThrow().close();
    }
}
