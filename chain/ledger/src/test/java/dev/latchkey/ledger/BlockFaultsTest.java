package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** For every fault that a block can have there is a block that has it, and it is refused for exactly that. */
class BlockFaultsTest {
    private static final int DIFFICULTY = 6;

    private final TestNetwork network = new TestNetwork();
    private final BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
    private ChainState parent;
    private Block good;

    /** Block 2 has a join and then the leave of who joined, and work in it. */
    @BeforeEach
    void makeABlock() throws Exception {
        Policy before = network.state.policy();
        Policy harder = new Policy(
                1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                DIFFICULTY,
                before.limits(),
                before.siblings(),
                before.blockVersion());
        network.apply(TransactionSigning.of(new PolicyChange(harder), network.chain)
                .by(network.operator)
                .finish()
                .encode());
        parent = network.state;
        Identity device = Identity.generate(network.random);
        SignedTransaction join = network.join("d-1", device, network.voucher("*", 1));
        SignedTransaction leave = TransactionSigning.leave(new Leave("d-1", 2), network.chain, device.sig());
        good = made(join.encode(), leave.encode());
    }

    @Test
    void everyFaultHasABlockThatIsRefusedForIt() throws Exception {
        Map<Fault, Bytes> faulty = new EnumMap<>(Fault.class);
        Header header = Header.decode(good.header());
        Seal seal = Seal.decode(good.transactions().get(0));
        List<Bytes> bodies = good.transactions();

        faulty.put(Fault.MALFORMED, good.encode().slice(0, 100));
        faulty.put(
                Fault.SIZE,
                with(bodies.get(0), Bytes.wrap(new byte[Block.MAX_BYTES])).encode());
        faulty.put(Fault.DEPTH, nested());
        faulty.put(
                Fault.COUNT,
                with(Collections.nCopies(Block.MAX_TRANSACTIONS + 2, Bytes.EMPTY))
                        .encode());
        faulty.put(Fault.SEAL, worked(with(bodies.get(1), bodies.get(0), bodies.get(2))));
        faulty.put(Fault.VERSION, reheaded(h -> header(2, h.previous(), h.merkleRoot(), h.timeMillis(), DIFFICULTY)));
        faulty.put(Fault.PARENT, reheaded(h -> header(1, Digest.ZERO, h.merkleRoot(), h.timeMillis(), DIFFICULTY)));
        faulty.put(Fault.HEIGHT, resealed(new Seal(3, seal.directoryRoot(), seal.historyRoot())));
        faulty.put(
                Fault.TIME,
                reheaded(h ->
                        header(1, h.previous(), h.merkleRoot(), parent.header().timeMillis() - 1, DIFFICULTY)));
        faulty.put(
                Fault.DIFFICULTY,
                reheaded(h -> header(1, h.previous(), h.merkleRoot(), h.timeMillis(), DIFFICULTY - 1)));
        faulty.put(Fault.WORK, lazy(header));
        faulty.put(Fault.MERKLE_ROOT, reheaded(h -> header(1, h.previous(), Digest.ZERO, h.timeMillis(), DIFFICULTY)));
        faulty.put(Fault.HISTORY_ROOT, resealed(new Seal(2, seal.directoryRoot(), Digest.ZERO)));
        faulty.put(Fault.DIRECTORY_ROOT, resealed(new Seal(2, Digest.ZERO, seal.historyRoot())));
        faulty.put(Fault.EARLY_SEAL, worked(with(bodies.get(0))));
        faulty.put(Fault.TRANSACTION, worked(with(bodies.get(0), bodies.get(2), bodies.get(1))));
        faulty.put(Fault.REPEATED, worked(with(bodies.get(0), bodies.get(1), bodies.get(2), bodies.get(2))));
        faulty.put(Fault.SIGNATURE, made(forged(bodies.get(1))).encode());
        faulty.put(Fault.CHAIN, new TestNetwork("tacoma").blocks.get(0));

        assertThat(faulty).as("a fault for which no block is here").containsOnlyKeys(Fault.values());
        faulty.forEach((fault, block) -> {
            BlockFaultException refused = catchThrowableOfType(BlockFaultException.class, () -> {
                if (fault == Fault.CHAIN) {
                    verifier.verifyGenesis(network.chain, block);
                } else {
                    verifier.verify(parent, block);
                }
            });
            assertThat(refused).as("%s", fault).isNotNull();
            assertThat(refused.fault()).isEqualTo(fault);
            assertThat(refused.height()).isEqualTo(fault == Fault.CHAIN ? 0 : 2);
        });
        assertThat(verifier.verify(parent, good.encode()).height())
                .as("no refusal changed the state that the block goes on from")
                .isEqualTo(2);
    }

    @Test
    void theOrderOfTransactionsIsPartOfTheBlock() {
        List<Bytes> bodies = good.transactions();
        BlockFaultException leaveFirst = catchThrowableOfType(
                BlockFaultException.class,
                () -> verifier.verify(parent, worked(with(bodies.get(0), bodies.get(2), bodies.get(1)))));
        assertThat(leaveFirst.refusal()).contains(Refusal.UNKNOWN_MEMBER);
        BlockFaultException sealTwice = catchThrowableOfType(
                BlockFaultException.class,
                () -> verifier.verify(parent, worked(with(bodies.get(0), bodies.get(0), bodies.get(1)))));
        assertThat(sealTwice.refusal()).contains(Refusal.MALFORMED);
    }

    private Block made(Bytes... transactions) throws MalformedBlockException {
        Entry entry = new Entry(
                network.chain,
                parent.header().timeMillis() + 1,
                TestNetwork.NONCE,
                Optional.of(parent.blockHash()),
                List.of(transactions));
        Entry found = Mining.of(parent, entry).search(0, 1 << 20).orElseThrow();
        return Block.decode(Ledger.apply(parent, found).block().orElseThrow().encoded());
    }

    private static Bytes forged(Bytes join) {
        byte[] bytes = join.toArray();
        bytes[bytes.length - 1] ^= 1;
        return Bytes.wrap(bytes);
    }

    private Block with(Bytes... transactions) {
        return with(List.of(transactions));
    }

    private Block with(List<Bytes> transactions) {
        return new Block(good.header(), transactions);
    }

    private static Bytes nested() {
        byte[] deep = new byte[40];
        Arrays.fill(deep, (byte) 0x81);
        deep[deep.length - 1] = (byte) 0x80;
        return Bytes.wrap(deep);
    }

    private static Header header(int version, Digest previous, Digest root, long time, int difficulty) {
        return new Header(version, previous, root, time, difficulty, TestNetwork.NONCE);
    }

    private Bytes reheaded(UnaryOperator<Header> change) throws MalformedBlockException {
        return searched(change.apply(Header.decode(good.header())), good.transactions());
    }

    private Bytes resealed(Seal seal) {
        List<Bytes> transactions = new ArrayList<>(good.transactions());
        transactions.set(0, seal.encode());
        return worked(with(transactions));
    }

    /** With the Merkle root that fits, and a nonce that does. */
    private Bytes worked(Block block) {
        Header like = parent.header();
        return searched(
                header(1, parent.blockHash(), block.merkleRoot(), like.timeMillis() + 1, DIFFICULTY),
                block.transactions());
    }

    private static Bytes searched(Header header, List<Bytes> transactions) {
        return nonce(header, transactions, true);
    }

    private Bytes lazy(Header header) {
        return nonce(header, good.transactions(), false);
    }

    private static Bytes nonce(Header header, List<Bytes> transactions, boolean good) {
        for (long nonce = 0; ; nonce++) {
            Header tried = new Header(
                    header.version(),
                    header.previous(),
                    header.merkleRoot(),
                    header.timeMillis(),
                    header.difficulty(),
                    Bytes.fromHex(String.format("%016x", nonce)));
            Block block = new Block(tried.encode(), transactions);
            if (Header.leadingZeroBits(block.hash()) >= header.difficulty() == good) {
                return block.encode();
            }
        }
    }
}
