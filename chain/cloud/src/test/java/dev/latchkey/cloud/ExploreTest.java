package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.LyingNode.Told;
import dev.latchkey.console.Cli;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What `latchkey explore` shows of a real node, and of one that lies with the replica's own TLS key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExploreTest {
    @TempDir
    static Path directory;

    private final TestNetwork network = new TestNetwork();
    private final Identity member = Identity.generate(TestNetwork.RANDOM);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CloudNode node;
    private LyingNode liar;
    private String url;
    private SignedTransaction join;
    private long height;

    @BeforeAll
    void begin() throws Exception {
        node = network.start(directory);
        url = "https://127.0.0.1:" + node.address().getPort();
        liar = new LyingNode(node.address(), network.tls, network.admin.dtls());
        IdentityDirectory.write(directory.resolve("admin"), network.admin);
        IdentityDirectory.write(directory.resolve("d-one"), member);
        TestClient client = new TestClient(network, node.address(), network.gateway.dtls());
        join = network.join("d-one", member, network.voucher());
        client.submit(join);
        KeyPair kex = TestNetwork.key();
        Rotate rotate = new Rotate(
                "d-one", 2, Optional.empty(), Optional.of(kex.publicKey()), Optional.empty(), Optional.empty());
        client.submit(
                TransactionSigning.of(rotate, network.chain).by(member.sig()).finish());

        SignedTransaction[] many = new SignedTransaction[20];
        for (int i = 0; i < many.length; i++) {
            many[i] =
                    network.join(String.format("d-%02d", i), Identity.generate(TestNetwork.RANDOM), network.voucher());
        }
        client.submit(many);
        height = Cbor.decode(client.body("/v1/chains/{c}"), 4_096)
                .asArray(7)
                .get(3)
                .asUint();
    }

    @AfterAll
    void end() {
        liar.close();
        node.close();
    }

    @BeforeEach
    void capture() {
        Printed.to(out, err);
    }

    @AfterEach
    void release() {
        Printed.end();
    }

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        List<Object> all = new ArrayList<>(List.of("explore"));
        all.addAll(List.of(arguments));
        int code =
                Cli.run(CloudMain.command(), all.stream().map(Object::toString).toArray(String[]::new));
        assertThat(out.toString() + err).as("no control characters").matches("[ -~\\n]*");
        return code;
    }

    private int look(String at, Object... what) {
        return run(Stream.concat(
                        Stream.of(at),
                        Stream.concat(
                                Stream.of(what),
                                Stream.of("--chain", network.chain.toHex(), "--key", directory.resolve("admin"))))
                .toArray());
    }

    @Test
    void anybodySeesTheChainsAndTheirHeads() {
        assertThat(run(url)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("seattle", "city", network.chain.toHex(), " no ", "are the node's word");
        assertThat(run(url, "--chain", network.chain.toHex()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("height +" + height + "\n")
                .contains("by 1 of 1 replicas", "23, as the node says", "proved: 1 policy step, ")
                .doesNotContain("older than");
        assertThat(run(url, "block", 0, "--chain", network.chain.toHex())).isEqualTo(1);
        assertThat(err.toString()).contains("403", "forbidden");
    }

    @Test
    void blocksAndWhatIsInThem() {
        assertThat(look(url, "blocks", "--count", 3)).as(err.toString()).isZero();
        assertThat(out.toString().lines()).hasSize(2 + 3);
        assertThat(look(url, "block", 0)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("genesis", "city/seattle", "bits");
        assertThat(look(url, "block", 1)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("join by voucher", "d-one", join.id(network.chain).toHex());
        assertThat(look(url, "transaction", join.id(network.chain).toHex()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("join by voucher", "d-one", "1, index 1", "under the checkpoint");
        assertThat(look(url, "transaction", "0".repeat(64))).isEqualTo(1);
        assertThat(err.toString()).contains("unknown-transaction");
        assertThat(look(url, "block", 99)).isEqualTo(1);
        assertThat(err.toString()).contains("ends at height " + height);
    }

    @Test
    void membersAndTheHistoryOfAKey() throws Exception {
        assertThat(look(url, "members")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("admin-1", "gw-1", "d-one", "d-19", "gateway", "23 of 23 names");
        assertThat(look(url, "members", "--after", "d-17", "--count", 2)).isZero();
        assertThat(out.toString())
                .contains("d-18", "d-19", "the next ones: --after d-19")
                .doesNotContain("d-17 ");
        assertThat(run(url, "key", "d-one", "--chain", network.chain.toHex(), "--key", directory.resolve("d-one")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("not committed to", member.keys().sig().kid().toString())
                .containsPattern("\n +2 +2 +20\\S+Z +active")
                .containsPattern("\n +1 +1 +20\\S+Z +active");
        assertThat(look(url, "key", "d-nobody")).isZero();
        assertThat(out.toString()).contains("nobody of the name d-nobody was ever a member", "proved");
        assertThat(look(url, "key", "d-one", "--json")).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(out.toString()).contains("\"proved\":true", "\"known_records\":2");
    }

    @Test
    void aNetworksOwnFilesSayWhatToBelieve() throws Exception {
        Path operator = Files.createDirectories(directory.resolve("operator"));
        IdentityDirectory.write(operator.resolve("admin"), network.admin);
        Files.writeString(
                operator.resolve("network.conf"),
                "network = city\nchain { id = \"" + network.chain.toHex() + "\", name = seattle }\n"
                        + "gateway { name = gw-1, address = \"127.0.0.1:5684\", dtls-key = \""
                        + network.gateway.dtls().publicKey().encode().toHex() + "\" }\n");
        assertThat(run(url, "--dir", operator)).as(err.toString()).isZero();
        assertThat(out.toString()).contains(" yes ").doesNotContain("node's word");
        assertThat(run(url, "members", "--dir", operator, "--chain", "seattle"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("d-one").doesNotContain("compare");
        assertThat(run(url, "members", "--dir", operator, "--chain", "tacoma")).isEqualTo(2);
    }

    /** What a lie is about, and what it is told to. */
    private int lied(String path, UnaryOperator<byte[]> lie, Object... what) {
        liar.tells((asked, status, body) -> new Told(
                status, new ByteArrayInputStream(asked.contains(path) && status == 200 ? lie.apply(body) : body)));
        return look(liar.url(), what);
    }

    /** Another byte somewhere near the end, where hashes and records are. */
    private static byte[] flipped(byte[] body) {
        body[body.length - 20] ^= 1;
        return body;
    }

    @Test
    void aLieIsNotShown() {
        UnaryOperator<byte[]> flip = ExploreTest::flipped;
        assertThat(lied("nowhere", flip, "members")).as(err.toString()).isZero();
        assertThat(lied("/policy", flip)).isEqualTo(3);
        assertThat(lied("/checkpoint", flip)).isEqualTo(3);
        assertThat(lied("/consistency", flip)).isEqualTo(3);
        assertThat(lied("/blocks", flip, "blocks")).isEqualTo(3);
        assertThat(lied("/blocks", flip, "block", 1)).isEqualTo(3);
        assertThat(lied("/headers", flip, "block", 1)).isEqualTo(3);
        assertThat(lied("/receipts", flip, "transaction", join.id(network.chain).toHex()))
                .isEqualTo(3);
        assertThat(lied("/history", flip, "key", "d-one")).isEqualTo(3);
        assertThat(err.toString()).contains("FALSE: the history of d-one");
        assertThat(lied("/keys/d-nobody", flip, "key", "d-nobody")).isEqualTo(3);
        assertThat(lied("/keys?names", flip, "members")).isEqualTo(3);
        assertThat(lied("/blocks", body -> new byte[0], "members")).isEqualTo(3);
        assertThat(out.toString()).isEmpty();
        assertThat(lied("/blocks", flip, "members", "--json")).isEqualTo(3);
        assertThat(out.toString()).startsWith("{\"proved\":false,\"fault\":\"false\",\"reason\":");
    }

    @Test
    void whoIsDeniedIsProvedToBeThere() {
        liar.tells((path, status, body) -> path.contains("/history")
                ? problem(404, "unknown-name", "nobody")
                : new Told(status, new ByteArrayInputStream(body)));
        assertThat(look(liar.url(), "key", "d-one")).isEqualTo(3);
        assertThat(err.toString()).contains("denies it, and proves a record");
    }

    @Test
    void anOldHeadIsNoNewHead() throws Exception {
        Path seen = directory.resolve("seen");
        assertThat(look(url, "--remember", seen)).isZero();
        byte[] newest = Files.readAllBytes(seen);
        assertThat(look(url, "--remember", seen)).isZero();
        byte[] genesis = atGenesis();
        liar.tells((path, status, body) ->
                new Told(status, new ByteArrayInputStream(path.contains("/checkpoint") ? genesis : body)));
        assertThat(look(liar.url())).as("alone it is true: %s", err).isZero();
        assertThat(look(liar.url(), "--remember", seen)).isEqualTo(3);
        assertThat(err.toString()).contains("the node shows height 0, and " + height + " was there before");
        assertThat(Files.readAllBytes(seen)).hasSameSizeAs(newest);
    }

    /** The replica's own signature, over block 0, of now. */
    private byte[] atGenesis() throws Exception {
        Bytes block =
                Ledger.genesis(network.genesis.encode()).block().orElseThrow().encoded();
        Checkpoint first = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run)
                .verifyGenesis(network.chain, block)
                .after()
                .checkpoint();
        return SignedCheckpoint.sign(first, network.replica, Instant.now())
                .encode()
                .toArray();
    }

    private static Told problem(int status, String code, String detail) {
        return new Told(
                status,
                new ByteArrayInputStream(new Problem(code, detail).encode().toArray()));
    }

    @Test
    void whatAServerSaysCannotSteerATerminal() {
        Bytes listing = Cbor.encode(Cbor.array(
                Cbor.array(Cbor.bytes(network.chain.bytes()), Cbor.text("\u001b[2Jseattle\u0007"), Cbor.uint(1))));
        liar.tells((path, status, body) -> new Told(200, new ByteArrayInputStream(listing.toArray())));
        assertThat(run(liar.url())).isEqualTo(3);
        liar.tells((path, status, body) -> problem(403, "for\u001b]0;gotcha\u0007bidden", "no\u009b31m\rno\nno"));
        assertThat(look(liar.url())).isEqualTo(1);
        assertThat(err.toString()).contains("for?]0;gotcha?bidden", "no?31m?no");
    }

    /** Zeros without an end. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 0;
        }
    }

    @Test
    void answersHaveAnEnd() {
        for (String what : List.of("/policy", "/checkpoint", "/blocks", "/keys")) {
            liar.tells((path, status, body) ->
                    new Told(200, path.contains(what) ? new Endless() : new ByteArrayInputStream(body)));
            assertThat(look(liar.url(), "members")).as(what).isEqualTo(3);
        }
    }

    @Test
    void nobodyThereIsAnotherMatterThanALie() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(look("https://127.0.0.1:" + free)).isEqualTo(4);
        assertThat(err.toString()).contains("cannot reach the node");
        liar.tells((path, status, body) -> problem(503, "not-ready", ""));
        assertThat(look(liar.url())).isEqualTo(4);
        try (LyingNode stranger = new LyingNode(
                new InetSocketAddress("127.0.0.1", node.address().getPort()),
                TestNetwork.key(),
                network.admin.dtls())) {
            assertThat(look(stranger.url())).isEqualTo(4);
            assertThat(err.toString()).contains("no replica of the chain");
        }
        assertThat(run("http://127.0.0.1:1")).isEqualTo(2);
        assertThat(run(url, "key", "No Name")).isEqualTo(2);
    }
}
