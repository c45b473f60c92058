package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.ChainOpener;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Row;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Header;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a store is changed while its node is down: the node says what is wrong, and signs nothing on top of it. */
class FlippedBitsTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();

    /** A chain of three blocks, of which the guard has all and a copy of it two. */
    private void makeChain() throws Exception {
        try (CloudNode node = network.start(directory)) {
            submit(node, "d-1");
            PlantedFlips.copy(data("guard"), directory.resolve("guard-before"));
            submit(node, "d-2");
        }
        try (Store store = chains()) {
            store.sync(); // from the journal into a file
        }
        PlantedFlips.copy(data("chains"), directory.resolve("chains-before"));
    }

    private void submit(CloudNode node, String name) throws Exception {
        new TestClient(network, node.address(), network.gateway.dtls())
                .submit(network.join(name, Identity.generate(TestNetwork.RANDOM), network.voucher()));
    }

    private Path data(String name) {
        return directory.resolve("data").resolve(name);
    }

    private Store chains() throws Exception {
        return PlantedFlips.chains(data("chains"));
    }

    private void change(int height, UnaryOperator<Bytes> change) throws Exception {
        PlantedFlips.copy(directory.resolve("chains-before"), data("chains"));
        try (Store store = chains()) {
            PlantedFlips.change(store, "blocks", height, change);
        }
    }

    private void assertNoStart(String... texts) {
        assertThatThrownBy(() -> network.start(directory).close())
                .hasMessageContaining("the node does not start")
                .hasMessageContaining(network.chain.toHex().substring(0, 16))
                .hasMessageContaining("store chains/blocks")
                .hasMessageContaining("comes back under a new name")
                .hasMessageContainingAll(texts);
    }

    @Test
    void isNoticedAtTheStart() throws Exception {
        makeChain();
        change(1, PlantedFlips::lastBit);
        assertNoStart("height 1", "merkle-root differs, expected ", ", found ");
        change(2, block -> changed(block, header -> withTime(header, header.timeMillis() + 1)));
        assertNoStart(
                "height 2", "block-hash", "history-root", "differs, expected "); // nothing follows that would tell
        PlantedFlips.copy(directory.resolve("chains-before"), data("chains"));
        Row block;
        try (Store store = chains()) {
            block = PlantedFlips.rows(store, "blocks").get(2);
        }
        PlantedFlips.inFile(data("chains"), block.value());
        assertThatThrownBy(() -> network.start(directory).close())
                .isInstanceOfAny(StoreFault.class, ChainOpener.DamagedChainException.class)
                .hasMessageContainingAll("checksum mismatch", "chains/rocks/", ".sst");
        aBlockThatFitsButDoesNotVerifyIsNotSigned();
    }

    /** The signature of a join is wrong, and all that hangs on it was made to fit. */
    private void aBlockThatFitsButDoesNotVerifyIsNotSigned() throws Exception {
        change(2, FlippedBitsTest::forged);
        try (Store store = chains()) {
            List<Row> heads = PlantedFlips.rows(store, "meta").stream()
                    .filter(row -> row.key().size() == "head/".length() + 32)
                    .toList();
            assertThat(heads).hasSize(1);
            store.write(new Batch().delete("meta", heads.get(0).key()));
        }
        PlantedFlips.copy(directory.resolve("guard-before"), data("guard"));
        try (CloudNode node = network.start(directory)) {
            TestClient client = new TestClient(network, node.address(), network.gateway.dtls());
            Problem problem = Problem.decode(Bytes.wrap(client.get("/readyz").body()));
            assertThat(problem.detail())
                    .startsWith(Unready.NOT_SIGNED.reason())
                    .contains("a block does not verify", "height 2", "store chains/blocks", "signature differs")
                    .contains("take the node out");
            assertThat(Unready.of(problem.detail())).contains(Unready.NOT_SIGNED);
            assertThat(new String(client.get("/metrics").body())).contains("latchkey_alarm_bad_block 1.0");
        }
    }

    private static Bytes forged(Bytes encoded) {
        return changed(encoded, header -> header);
    }

    /** With another header, or if it is to stay, with another signature of the last transaction. */
    private static Bytes changed(Bytes encoded, UnaryOperator<Header> change) {
        try {
            Block block = Block.decode(encoded);
            Header header = Header.decode(block.header());
            Header other = change.apply(header);
            if (!other.equals(header)) {
                return new Block(other.encode(), block.transactions()).encode();
            }
            List<Bytes> transactions = new ArrayList<>(block.transactions());
            transactions.set(1, PlantedFlips.lastBit(transactions.get(1)));
            Block forged = new Block(block.header(), transactions);
            Header fitting = new Header(
                    header.version(),
                    header.previous(),
                    forged.merkleRoot(),
                    header.timeMillis(),
                    header.difficulty(),
                    header.nonce());
            return new Block(fitting.encode(), transactions).encode();
        } catch (dev.latchkey.ledger.MalformedBlockException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Header withTime(Header header, long timeMillis) {
        return new Header(
                header.version(),
                header.previous(),
                header.merkleRoot(),
                timeMillis,
                header.difficulty(),
                header.nonce());
    }
}
