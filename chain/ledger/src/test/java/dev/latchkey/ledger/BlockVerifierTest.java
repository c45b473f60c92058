package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockVerifierTest {
    private final TestNetwork network = new TestNetwork();
    private final BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
    private ChainState parent;
    private Block good;

    @BeforeEach
    void makeABlock() throws Exception {
        network.joined("d-1");
        parent = network.state;
        network.joined("d-2");
        good = Block.decode(network.blocks.get(2));
    }

    @Test
    void theGoodBlockVerifies() throws Exception {
        VerifiedBlock block = verifier.verify(parent, good.encode());

        assertThat(block.height()).isEqualTo(2);
        assertThat(block.hash()).isEqualTo(network.state.blockHash());
        assertThat(block.after().directoryRoot()).isEqualTo(network.state.directoryRoot());
    }

    @Test
    void refusesABlockWhoseParentIsUnknown() {
        assertThat(fault(parent, rehead(header -> withPrevious(header, Digest.ZERO))))
                .isEqualTo(Fault.PARENT);
        assertThat(fault(network.state, good)).isEqualTo(Fault.PARENT);
    }

    @Test
    void refusesAnotherVersion() {
        assertThat(fault(
                        parent,
                        rehead(h -> new Header(
                                2, h.previous(), h.merkleRoot(), h.timeMillis(), h.difficulty(), h.nonce()))))
                .isEqualTo(Fault.VERSION);
    }

    @Test
    void refusesATimeThatFalls() {
        assertThat(fault(
                        parent,
                        rehead(h -> new Header(
                                1,
                                h.previous(),
                                h.merkleRoot(),
                                parent.header().timeMillis() - 1,
                                h.difficulty(),
                                h.nonce()))))
                .isEqualTo(Fault.TIME);
    }

    @Test
    void refusesADifficultyThatThePolicyDoesNotSet() {
        assertThat(fault(
                        parent, rehead(h -> new Header(1, h.previous(), h.merkleRoot(), h.timeMillis(), 1, h.nonce()))))
                .isEqualTo(Fault.DIFFICULTY);
    }

    @Test
    void refusesATransactionThatIsNotUnderTheRoot() {
        List<Bytes> more = new ArrayList<>(good.transactions());
        more.add(good.transactions().get(1));
        assertThat(fault(parent, new Block(good.header(), more))).isEqualTo(Fault.MERKLE_ROOT);
        assertThat(fault(parent, new Block(good.header(), good.transactions().subList(0, 1))))
                .isEqualTo(Fault.MERKLE_ROOT);
    }

    @Test
    void refusesADuplicatedLastTransactionEvenUnderItsOwnRoot() {
        List<Bytes> doubled = new ArrayList<>(good.transactions());
        doubled.add(good.transactions().get(1));
        assertThat(fault(parent, sealed(doubled))).isEqualTo(Fault.REPEATED);
    }

    @Test
    void refusesAWrongSeal() throws Exception {
        Seal seal = Seal.decode(good.transactions().get(0));
        assertThat(fault(parent, resealed(new Seal(3, seal.directoryRoot(), seal.historyRoot()))))
                .isEqualTo(Fault.HEIGHT);
        assertThat(fault(parent, resealed(new Seal(2, seal.directoryRoot(), Digest.ZERO))))
                .isEqualTo(Fault.HISTORY_ROOT);
        assertThat(fault(parent, resealed(new Seal(2, Digest.ZERO, seal.historyRoot()))))
                .isEqualTo(Fault.DIRECTORY_ROOT);
    }

    @Test
    void refusesABlockWithoutASeal() {
        assertThat(fault(
                        parent,
                        new Block(good.header(), List.of(good.transactions().get(1)))))
                .isEqualTo(Fault.SEAL);
    }

    @Test
    void refusesAForgedJoinThatALeaderSlipsIn() {
        Identity device = Identity.generate(network.random);
        SignedTransaction join = network.join("d-3", device, network.voucher("*", 1));
        byte[] forged = join.encode().toArray();
        forged[forged.length - 1] ^= 1;
        ChainState before = network.state;
        Step step = network.apply(Bytes.wrap(forged));

        assertThat(step.block())
                .as("apply trusts its leader with signatures, verifiers do not")
                .isPresent();
        assertThat(catchThrowableOfType(
                                BlockFaultException.class,
                                () -> verifier.verify(
                                        before, step.block().orElseThrow().encoded()))
                        .fault())
                .isEqualTo(Fault.SIGNATURE);
    }

    @Test
    void refusesATransactionThatTheRulesRefuseAndSaysWhich() {
        Identity device = Identity.generate(network.random);
        Bytes join = network.join("d-1", device, network.voucher("*", 1)).encode();
        List<Bytes> transactions = new ArrayList<>(good.transactions().subList(0, 1));
        transactions.add(join);

        BlockFaultException e = catchThrowableOfType(
                BlockFaultException.class,
                () -> verifier.verify(parent, sealed(transactions).encode()));

        assertThat(e.fault()).isEqualTo(Fault.TRANSACTION);
        assertThat(e.refusal()).contains(Refusal.NAME_TAKEN);
        assertThat(e.height()).isEqualTo(2);
    }

    @Test
    void refusesASealAloneBeforeTheChainWasIdleForAnHour() {
        assertThat(fault(parent, sealed(good.transactions().subList(0, 1)))).isEqualTo(Fault.EARLY_SEAL);
        Entry early = new Entry(
                network.chain, parent.header().timeMillis() + 1, TestNetwork.NONCE, Optional.empty(), List.of());
        assertThat(Ledger.apply(parent, early).block()).isEmpty();
        Entry late = new Entry(
                network.chain,
                parent.header().timeMillis() + Ledger.IDLE_MILLIS,
                TestNetwork.NONCE,
                Optional.empty(),
                List.of());
        Step step = Ledger.apply(parent, late);
        assertThat(fault(parent, decoded(step.block().orElseThrow().encoded()))).isNull();
    }

    @Test
    void refusesGenesisOfAnotherChain() {
        TestNetwork other = new TestNetwork("tacoma");

        assertThat(catchThrowableOfType(
                                BlockFaultException.class,
                                () -> verifier.verifyGenesis(network.chain, other.blocks.get(0)))
                        .fault())
                .isEqualTo(Fault.CHAIN);
    }

    @Test
    void everyFlippedBitIsRefusedOrMakesAnotherBlockThatNoCheckpointNames() throws Exception {
        Digest hash = good.hash();
        byte[] bytes = good.encode().toArray();
        int others = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            try {
                assertThat(verifier.verify(parent, Bytes.wrap(flipped)).hash())
                        .as("byte %d", i)
                        .isNotEqualTo(hash);
                others++;
            } catch (BlockFaultException refused) {
                assertThat(refused.height()).isEqualTo(2);
            }
        }
        assertThat(others)
                .as("only a later time and the nonce are free at difficulty 0")
                .isLessThanOrEqualTo(2 * Header.NONCE_BYTES);
    }

    @Test
    void everyTruncationOfABlockIsRefused() {
        Bytes bytes = good.encode();
        for (int i = 0; i < bytes.size(); i++) {
            assertThat(fault(parent, bytes.slice(0, i))).as("length %d", i).isEqualTo(Fault.MALFORMED);
        }
    }

    @Test
    void manySignaturesAreCheckedOnSeveralThreads() throws Exception {
        List<Bytes> joins = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            joins.add(network.join("m-" + i, Identity.generate(network.random), network.voucher("*", 1))
                    .encode());
        }
        ChainState before = network.state;
        Bytes block =
                network.apply(joins.toArray(new Bytes[0])).block().orElseThrow().encoded();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            VerifiedBlock verified = new BlockVerifier(TestNetwork.VERIFIER, pool).verify(before, block);
            assertThat(verified.changed()).hasSize(12);
            assertThat(new BlockVerifier((key, message, signature) -> false, pool)
                            .replay(before, block)
                            .hash())
                    .isEqualTo(verified.hash());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aCheckThatBreaksDownOnAnotherThreadLetsNothingPass() {
        List<Bytes> joins = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            joins.add(network.join("m-" + i, Identity.generate(network.random), network.voucher("*", 1))
                    .encode());
        }
        ChainState before = network.state;
        Bytes block =
                network.apply(joins.toArray(new Bytes[0])).block().orElseThrow().encoded();
        Thread caller = Thread.currentThread();
        EcVerifier breaking = (key, message, signature) -> {
            if (Thread.currentThread() != caller) {
                throw new IllegalStateException("a provider that breaks down");
            }
            return true;
        };
        Executor elsewhere = task -> {
            Thread helper = new Thread(task);
            helper.start();
            try {
                helper.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);

        assertThatThrownBy(() -> new BlockVerifier(breaking, elsewhere).verify(before, block))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aVoucherOfManyJoinsIsCheckedOnceAndItsFaultIsFound() throws Exception {
        Voucher voucher = network.voucher("*", 5);
        Bytes[] joins = new Bytes[5];
        for (int i = 0; i < joins.length; i++) {
            joins[i] = network.join("m-" + i, Identity.generate(network.random), voucher)
                    .encode();
        }
        ChainState before = network.state;
        Bytes block = network.apply(joins).block().orElseThrow().encoded();
        AtomicInteger checks = new AtomicInteger();
        EcVerifier counting = (key, message, signature) -> {
            checks.incrementAndGet();
            return TestNetwork.VERIFIER.verify(key, message, signature);
        };

        new BlockVerifier(counting, Runnable::run).verify(before, block);

        assertThat(checks).hasValue(3 * joins.length + 1);
        EcVerifier doubting = (key, message, signature) -> !signature.equals(voucher.signature());
        assertThat(catchThrowableOfType(
                                BlockFaultException.class,
                                () -> new BlockVerifier(doubting, Runnable::run).verify(before, block))
                        .fault())
                .isEqualTo(Fault.SIGNATURE);
    }

    private interface Change {
        Header apply(Header header);
    }

    private Block rehead(Change change) {
        try {
            return new Block(change.apply(Header.decode(good.header())).encode(), good.transactions());
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
    }

    private Block resealed(Seal seal) {
        List<Bytes> transactions = new ArrayList<>(good.transactions());
        transactions.set(0, seal.encode());
        return sealed(transactions);
    }

    /** A block with these transactions and a header whose Merkle root fits. */
    private Block sealed(List<Bytes> transactions) {
        Digest root = new Block(Bytes.EMPTY, transactions).merkleRoot();
        Block reheaded = rehead(h -> new Header(1, h.previous(), root, h.timeMillis(), h.difficulty(), h.nonce()));
        return new Block(reheaded.header(), transactions);
    }

    private static Header withPrevious(Header header, Digest previous) {
        return new Header(1, previous, header.merkleRoot(), header.timeMillis(), 0, header.nonce());
    }

    private static Block decoded(Bytes encoded) {
        try {
            return Block.decode(encoded);
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
    }

    private Fault fault(ChainState from, Block block) {
        return fault(from, block.encode());
    }

    private Fault fault(ChainState from, Bytes block) {
        BlockFaultException e = catchThrowableOfType(BlockFaultException.class, () -> verifier.verify(from, block));
        return e == null ? null : e.fault();
    }
}
