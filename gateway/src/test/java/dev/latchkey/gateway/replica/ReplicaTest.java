package dev.latchkey.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {
    @TempDir
    Path directory;

    private final List<MemberHandle> ended = new CopyOnWriteArrayList<>();
    private TestNetwork network;
    private Store store;
    private Replica replica;

    @BeforeEach
    void open() throws Exception {
        network = new TestNetwork();
        store = Store.open(directory, Runnable::run);
        replica = opened(network.chain);
    }

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    @Test
    void saysNothingBeforeABlockIsOnDisk() {
        assertThat(replica.state()).isEmpty();
        assertThat(replica.heads().newest()).isEmpty();
        assertThat(replica.members().byDtlsKey(network.gateway.dtls().publicKey()))
                .isEmpty();
    }

    @Test
    void knowsWhoIsAMemberFromTheBlocks() throws Exception {
        Identity device = network.joined("d-1");
        follow();
        assertThat(replica.members().byDtlsKey(device.dtls().publicKey()))
                .map(MemberHandle::name)
                .contains("d-1");
        assertThat(replica.members().byExchangeKid(device.kex().publicKey().kid()))
                .containsExactly("d-1");
    }

    @Test
    void aMemberThatLeavesIsEndedEvenForThoseWhoHoldItsHandle() throws Exception {
        Identity device = network.joined("d-1");
        follow();
        MemberHandle held =
                replica.members().byDtlsKey(device.dtls().publicKey()).orElseThrow();
        network.order(network.leave("d-1", device));
        follow();
        assertThat(held.isCurrent()).isFalse();
        assertThat(ended).containsExactly(held);
        assertThat(replica.members().byDtlsKey(device.dtls().publicKey())).isEmpty();
        assertThat(replica.members().byExchangeKid(device.kex().publicKey().kid()))
                .isEmpty();
    }

    @Test
    void aBlockThatDoesNotVerifyIsKeptAsEvidenceAndChangesNothing() throws Exception {
        network.joined("d-1");
        network.joined("d-2");
        List<Bytes> blocks = network.blocksFrom(0);
        replica.accept(blocks.get(0));
        replica.accept(blocks.get(1));
        Bytes skipped = new TestNetwork().blocksFrom(0).get(0);

        assertThatThrownBy(() -> replica.accept(skipped)).isInstanceOf(BlockFaultException.class);

        assertThat(replica.nextHeight()).isEqualTo(2);
        assertThat(replica.fault()).map(ReplicaFault::height).contains(2L);
        await().until(() -> rows(Table.EVIDENCE) == 1);
        replica.accept(blocks.get(2));
        await().until(() -> replica.state().orElseThrow().height() == 2);
    }

    @Test
    void aCheckpointThatContradictsTheChainIsNeverHandedOut() throws Exception {
        follow();
        Checkpoint good = network.state().checkpoint();
        Checkpoint forked = new Checkpoint(
                good.chain(),
                good.height(),
                good.blockHash(),
                good.historyRoot(),
                Digest.sha256(Bytes.utf8("another directory")),
                good.policyNumber(),
                good.timeMillis());
        replica.offer(
                SignedCheckpoint.sign(forked, network.replica, Instant.now()).encode());
        await().until(() -> replica.fault().isPresent());
        assertThat(replica.heads().newest()).isEmpty();
        replica.offer(network.checkpoint().encode());
        await().until(() -> replica.heads().newest().isPresent());
    }

    @Test
    void aCheckpointThatNoReplicaSignedIsNeverHandedOut() throws Exception {
        follow();
        KeyPair stranger = KeyPair.generate(network.random);
        replica.offer(SignedCheckpoint.sign(network.state().checkpoint(), stranger, Instant.now())
                .encode());
        await().until(() -> replica.fault().isPresent());
        assertThat(replica.heads().newest()).isEmpty();
    }

    @Test
    void aCheckpointThatComesBeforeItsBlockWaitsForIt() throws Exception {
        replica.offer(network.checkpoint().encode());
        follow();
        await().until(() -> replica.heads().newest().isPresent());
    }

    @Test
    void opensAgainWhereItWas() throws Exception {
        Identity device = network.joined("d-1");
        follow();
        replica.offer(network.checkpoint().encode());
        await().until(() -> replica.heads().newest().isPresent());
        reopen(network.chain);
        assertThat(replica.state().orElseThrow().blockHash())
                .isEqualTo(network.state().blockHash());
        assertThat(replica.heads().newest()).map(Head::height).contains(1L);
        assertThat(replica.members().byDtlsKey(device.dtls().publicKey())).isPresent();
        assertThat(replica.policyTransactions(0)).containsExactly(network.genesis);
        assertThat(replica.history().root(2)).isEqualTo(network.state().historyRoot());
    }

    @Test
    void seesNothingOfAnotherChainInTheSameStore() throws Exception {
        follow();
        TestNetwork second = new TestNetwork();
        Replica other = opened(second.chain);
        assertThat(other.nextHeight()).isZero();
        other.accept(second.blocksFrom(0).get(0));
        await().until(() -> other.state().isPresent());
        other.close();
        reopen(network.chain);
        assertThat(replica.state().orElseThrow().blockHash())
                .isEqualTo(network.state().blockHash());
    }

    @Test
    void refusesBlocksOfAnotherChainUnderItsOwnNumber() throws Exception {
        TestNetwork second = new TestNetwork();
        ChainRows rows = ChainRows.of(store, network.chain.bytes());
        store.submit(draft -> {
                    rows.put(
                            draft, Table.BLOCKS, Key.of(0), second.blocksFrom(0).get(0));
                    return null;
                })
                .get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> opened(network.chain)).isInstanceOf(DamagedReplicaException.class);
    }

    @Test
    void whoWaitsForATransactionHearsWhenItsBlockIsOnDisk() throws Exception {
        Identity device = Identity.generate(network.random);
        Bytes join = network.join("d-1", device, network.voucher("*", 1));
        Digest id = dev.latchkey.transaction.SignedTransaction.decode(join).id(network.chain);
        follow();
        var waiting = replica.awaitApplied(id);
        assertThat(waiting).isNotDone();
        network.order(join);
        follow();
        assertThat(waiting).isDone();
        assertThat(replica.awaitApplied(id)).isDone();
    }

    private void follow() throws Exception {
        for (Bytes block : network.blocksFrom(replica.nextHeight())) {
            replica.accept(block);
        }
        await().until(() ->
                replica.state().map(state -> state.height() + 1).equals(java.util.Optional.of(replica.nextHeight())));
    }

    private void reopen(ChainId chain) throws Exception {
        replica.close();
        store.close();
        store = Store.open(directory, Runnable::run);
        replica = opened(chain);
    }

    private Replica opened(ChainId chain) throws Exception {
        return Replica.open(
                chain,
                ChainRows.of(store, chain.bytes()),
                StrictEcVerifier.bouncy(),
                Runnable::run,
                Clock.systemUTC(),
                new ReplicaTiming(Duration.ofMillis(1), Duration.ofHours(1)),
                new ReplicaListener() {
                    @Override
                    public void memberEnded(MemberHandle handle) {
                        ended.add(handle);
                    }

                    @Override
                    public void memberBegun(MemberHandle handle) {
                        assertThat(handle.isCurrent()).isTrue();
                    }

                    @Override
                    public void policyChanged(Policy policy) {
                        assertThat(policy.number()).isZero();
                    }

                    @Override
                    public void headChanged(Head head) {
                        assertThat(head.checkpoint().isEmpty()).isFalse();
                    }
                });
    }

    private int rows(Table table) {
        int[] rows = {0};
        store.scan(table, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            rows[0]++;
            return true;
        });
        return rows[0];
    }
}
