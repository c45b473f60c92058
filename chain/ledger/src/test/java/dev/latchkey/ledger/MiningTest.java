package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.TransactionSigning;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MiningTest {
    private static final int DIFFICULTY = 9;
    private static final int PLENTY = 1 << 20;

    private final TestNetwork network = new TestNetwork();
    private final BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
    private Entry entry;

    @BeforeEach
    void askForWork() {
        Policy before = network.state.policy();
        Policy harder = new Policy(
                1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                DIFFICULTY,
                before.limits(),
                List.of(),
                before.blockVersion());
        network.apply(TransactionSigning.of(new PolicyChange(harder), network.chain)
                .by(network.operator)
                .finish()
                .encode());
        entry = network.entry(join("d-1"));
    }

    @Test
    void whatIsFoundMakesABlockThatVerifies() throws Exception {
        Entry found = Mining.of(network.state, entry).search(0, PLENTY).orElseThrow();

        Step step = Ledger.apply(network.state, found);
        Bytes block = step.block().orElseThrow().encoded();
        VerifiedBlock verified = verifier.verify(network.state, block);
        assertThat(verified.header().difficulty()).isEqualTo(DIFFICULTY);
        assertThat(Header.leadingZeroBits(verified.hash())).isGreaterThanOrEqualTo(DIFFICULTY);
        assertThat(found.expectedParent()).contains(network.state.blockHash());
    }

    @Test
    void everyNonceBeforeTheOneFoundIsRefused() throws Exception {
        Mining mining = Mining.of(network.state, entry);
        Entry found = mining.search(0, PLENTY).orElseThrow();
        Block good = Block.decode(
                Ledger.apply(network.state, found).block().orElseThrow().encoded());
        long nonce = Long.parseLong(found.nonce().toHex(), 16);

        for (long earlier = Math.max(0, nonce - 50); earlier < nonce; earlier++) {
            Bytes bytes = Bytes.fromHex(String.format("%016x", earlier));
            Entry lazy = new Entry(entry.chain(), entry.clockMillis(), bytes, Optional.empty(), entry.transactions());
            assertThat(Ledger.apply(network.state, lazy).outcomes())
                    .containsExactly(new Outcome.Refused(Refusal.STALE_WORK));
            Header header = Header.decode(good.header());
            Header poor = new Header(
                    header.version(),
                    header.previous(),
                    header.merkleRoot(),
                    header.timeMillis(),
                    header.difficulty(),
                    bytes);
            Bytes block = new Block(poor.encode(), good.transactions()).encode();
            assertThat(catchThrowableOfType(BlockFaultException.class, () -> verifier.verify(network.state, block))
                            .fault())
                    .isEqualTo(Fault.WORK);
        }
    }

    @Test
    void aSearchStopsAfterItsTriesAndAnotherGoesOn() {
        Mining mining = Mining.of(network.state, entry);
        Entry found = mining.search(0, PLENTY).orElseThrow();
        int tries = Integer.parseInt(found.nonce().slice(4, 8).toHex(), 16) + 1;

        assertThat(mining.search(0, tries - 1)).isEmpty();
        assertThat(mining.search(tries - 1, 1)).contains(found);
        assertThat(mining.search(0, 0)).isEmpty();
    }

    @Test
    void workForOneParentIsNoneForTheNext() {
        Entry found = Mining.of(network.state, entry).search(-1, PLENTY).orElseThrow();
        network.apply(Mining.of(network.state, network.entry(join("d-2")))
                .search(0, PLENTY)
                .orElseThrow());

        assertThat(Ledger.apply(network.state, found).outcomes())
                .containsExactly(new Outcome.Refused(Refusal.STALE_WORK));
    }

    @Test
    void anEntryThatMakesNoBlockNeedsNoWork() {
        Entry nothing = network.entry(Bytes.fromHex("00"));

        Entry found = Mining.of(network.state, nothing).search(7, 1).orElseThrow();

        assertThat(Ledger.apply(network.state, found).outcomes())
                .containsExactly(new Outcome.Refused(Refusal.MALFORMED));
    }

    @Test
    void headersShowHowMuchWorkTheyStandFor() {
        WorkDone work = new WorkDone();
        work.add(network.state.header());
        Entry found = Mining.of(network.state, entry).search(0, PLENTY).orElseThrow();
        work.add(Ledger.apply(network.state, found).state().header());
        WorkDone.hash(network.state.header(), 10);

        assertThat(work.blocks()).isEqualTo(2);
        assertThat(work.workedBlocks()).isEqualTo(1);
        assertThat(work.mostBits()).isEqualTo(DIFFICULTY);
        assertThat(work.hashes()).isEqualTo(1 + (1 << DIFFICULTY));
    }

    private Bytes join(String name) {
        return network.join(name, Identity.generate(network.random), network.voucher("*", 1))
                .encode();
    }
}
