package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.Receipt;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of a whole network, and its one chain as a ledger orders it. Guarded by itself. */
public final class TestNetwork {
    public final SecureRandom random = new SecureRandom();
    public final KeyPair replica = KeyPair.generate(random);
    public final KeyPair replicaTls = KeyPair.generate(random);
    public final Identity admin = Identity.generate(random);
    public final Identity gateway = Identity.generate(random);
    public final KeyPair voucherKey = KeyPair.generate(random);
    public final Bytes enrolmentSecret = randomBytes(32);
    public final ChainId chain;
    public final Bytes genesis;
    private final KeyPair operator = KeyPair.generate(random);
    private final HistoryTree history = HistoryTree.of(List.of());
    private final List<Bytes> blocks = new ArrayList<>();
    private ChainState state;

    public TestNetwork() throws MalformedTransactionException {
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(1, List.of(new Policy.Replica(replica.publicKey(), replicaTls.publicKey()))));
        Genesis body = new Genesis(
                "city",
                "seattle",
                policy,
                System.currentTimeMillis(),
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway", Role.GATEWAY, gateway.keys(), Optional.empty())));
        genesis = TransactionSigning.genesis(body, List.of(operator), List.of(admin, gateway))
                .encode();
        chain = body.chainId();
        take(Ledger.genesis(genesis));
    }

    /** Orders one transaction by itself. */
    public synchronized Outcome order(Bytes transaction) {
        Entry entry = new Entry(
                chain,
                Math.max(System.currentTimeMillis(), state.header().timeMillis()),
                randomBytes(8),
                Optional.empty(),
                List.of(transaction));
        Step step = Ledger.apply(state, entry);
        take(step);
        return step.outcomes().get(0);
    }

    /** Blocks from a height on. */
    public synchronized List<Bytes> blocksFrom(long height) {
        return height >= blocks.size() ? List.of() : List.copyOf(blocks.subList((int) height, blocks.size()));
    }

    public synchronized ChainState state() {
        return state;
    }

    public synchronized SignedCheckpoint checkpoint() {
        return SignedCheckpoint.sign(state.checkpoint(), replica, Instant.now());
    }

    public synchronized Bytes receipt(Digest transaction) {
        try {
            var location = state.applied(transaction).orElseThrow();
            Block block = Block.decode(blocks.get((int) location.height()));
            return Receipt.make(block, location, history, checkpoint());
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
    }

    public Voucher voucher(String pattern, long uses) {
        return voucher(pattern, uses, Instant.now().plusSeconds(3_600));
    }

    public Voucher voucher(String pattern, long uses, Instant notAfter) {
        return Voucher.issue(
                chain, randomBytes(Voucher.ID_BYTES), pattern, uses, notAfter, voucherKey.publicKey(), admin.sig());
    }

    public Bytes join(String name, Identity identity, Voucher voucher) {
        return join(name, identity, voucher, voucherKey);
    }

    public Bytes join(String name, Identity identity, Voucher voucher, KeyPair signedBy) {
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
        return TransactionSigning.joinByVoucher(join, chain, identity, signedBy).encode();
    }

    public Bytes leave(String name, Identity identity) {
        return TransactionSigning.leave(new Leave(name, 2), chain, identity.sig())
                .encode();
    }

    /** Makes a member without asking the gateway. */
    public Identity joined(String name) {
        Identity identity = Identity.generate(random);
        order(join(name, identity, voucher(name, 1)));
        return identity;
    }

    public Bytes randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private void take(Step step) {
        state = step.state();
        step.block().ifPresent(block -> {
            blocks.add(block.encoded());
            history.append(block.historyLeaf());
        });
    }
}
