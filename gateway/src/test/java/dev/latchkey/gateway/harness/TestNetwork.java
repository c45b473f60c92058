package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.Receipt;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The keys of a sub-network, and its chain as a ledger orders it. Guarded by itself. */
public final class TestNetwork {
    public final SecureRandom random = new SecureRandom();
    public final KeyPair replica = KeyPair.generate(random);
    public final KeyPair replicaTls;
    public final Identity admin = Identity.generate(random);
    public final Identity gateway;
    public final KeyPair voucherKey = KeyPair.generate(random);
    public final Bytes enrolmentSecret;
    public final String chainName;
    public final ChainId chain;
    public final Bytes genesis;
    private final KeyPair operator = KeyPair.generate(random);
    public final TestWitnesses witnesses = new TestWitnesses();
    private final List<ChainState> states = new ArrayList<>();
    private HistoryTree history = HistoryTree.of(List.of());
    private final List<Bytes> blocks = new ArrayList<>();
    private ChainState state;

    public TestNetwork() throws MalformedTransactionException {
        this("seattle", Optional.empty());
    }

    /** Another sub-network of the same network: same cloud, same gateway; neither names the other as a sibling yet. */
    public TestNetwork(String chainName, TestNetwork first) throws MalformedTransactionException {
        this(chainName, Optional.of(first));
    }

    private TestNetwork(String chainName, Optional<TestNetwork> first) throws MalformedTransactionException {
        this.chainName = chainName;
        this.replicaTls = first.map(other -> other.replicaTls).orElseGet(() -> KeyPair.generate(random));
        this.gateway = first.map(other -> other.gateway).orElseGet(() -> Identity.generate(random));
        this.enrolmentSecret = first.map(other -> other.enrolmentSecret).orElseGet(() -> randomBytes(32));
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(1, List.of(new Policy.Replica(replica.publicKey(), replicaTls.publicKey()))));
        Genesis body = new Genesis(
                "city",
                chainName,
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

    /** Gives a member another DTLS key. */
    public Bytes rotate(String name, Identity identity, KeyPair dtls) {
        Rotate rotate = new Rotate(
                name, next(name), Optional.empty(), Optional.empty(), Optional.of(dtls.publicKey()), Optional.empty());
        return TransactionSigning.of(rotate, chain)
                .by(identity.sig())
                .possessedBy(dtls)
                .finish()
                .encode();
    }

    /** Makes a member without asking the gateway. */
    public Identity joined(String name) {
        Identity identity = Identity.generate(random);
        order(join(name, identity, voucher(name, 1)));
        return identity;
    }

    /** Names another sub-network as a sibling whose members may come here without an admin. */
    public void befriend(TestNetwork other) {
        replacePolicy(
                state().policy().witnesses(),
                List.of(new Policy.Sibling(other.chain, other.chainName, 1, List.of(other.replica.publicKey()), true)));
    }

    /** Names gateways as witnesses, by their names here, and asks for so many cosignatures. */
    public void witnessedBy(int q, String... gateways) {
        List<Policy.Witness> named = Arrays.stream(gateways)
                .map(name -> new Policy.Witness(
                        name, state().member(name).orElseThrow().keys().sig()))
                .toList();
        replacePolicy(new Policy.Witnesses(q, named), state().policy().siblings());
    }

    /** Makes another gateway a member. */
    public Identity gatewayJoined(String name) {
        return joinedAs(Role.GATEWAY, name);
    }

    /** Makes somebody with a role a member, endorsed by the operators. */
    public Identity joinedAs(Role role, String name) {
        Identity identity = Identity.generate(random);
        Join join = new Join(name, 1, role, identity.keys(), Optional.empty(), Optional.empty());
        order(TransactionSigning.joinEndorsed(join, chain, identity, List.of(operator))
                .encode());
        return identity;
    }

    /** The operators put a member out for good. */
    public Bytes revoke(String name, long sequence) {
        return standing(Standing.Act.REVOKE, name, sequence);
    }

    /** The operators set a member aside or put it out. */
    public Bytes standing(Standing.Act act, String name, long sequence) {
        return TransactionSigning.of(new Standing(act, name, sequence), chain)
                .by(operator)
                .finish()
                .encode();
    }

    /** Forgets the blocks after a height, so that another history can follow. */
    public synchronized void rollBackTo(long height) {
        blocks.subList((int) height + 1, blocks.size()).clear();
        states.subList((int) height + 1, states.size()).clear();
        state = states.get((int) height);
        history = HistoryTree.of(states.stream()
                .map(past -> Rfc9162.leafHash(past.headerBytes()))
                .toList());
    }

    /** A second body for the newest height, signed by the replica as well. */
    public synchronized SignedCheckpoint secondHead() {
        Checkpoint honest = state.checkpoint();
        Checkpoint other = new Checkpoint(
                chain,
                honest.height(),
                honest.blockHash(),
                honest.historyRoot(),
                Digest.sha256(Bytes.utf8("another directory")),
                honest.policyNumber(),
                honest.timeMillis());
        return SignedCheckpoint.sign(other, replica, Instant.now());
    }

    private void replacePolicy(Policy.Witnesses newWitnesses, List<Policy.Sibling> siblings) {
        Policy before = state().policy();
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                newWitnesses,
                before.difficulty(),
                before.limits(),
                siblings,
                before.blockVersion());
        order(TransactionSigning.of(new PolicyChange(next), chain)
                .by(operator)
                .finish()
                .encode());
    }

    /** Sets out for a sibling, with half an hour to arrive. */
    public Bytes relocateOut(String name, Identity identity, TestNetwork to, String nameThere) {
        return relocateOut(name, identity, to, nameThere, System.currentTimeMillis() + 1_800_000);
    }

    /** Sets out for a sibling. */
    public Bytes relocateOut(String name, Identity identity, TestNetwork to, String nameThere, long deadlineMillis) {
        RelocateOut out = new RelocateOut(name, next(name), to.chain, nameThere, deadlineMillis);
        return TransactionSigning.of(out, chain).by(identity.sig()).finish().encode();
    }

    /** Arrives from a sibling, which says so. */
    public Bytes relocateIn(String name, Identity identity, TestNetwork from, String nameThere, Carried carried) {
        RelocateIn in = new RelocateIn(name, from.next(nameThere), from.chain, carried);
        return TransactionSigning.of(in, chain)
                .by(identity.sig())
                .possessedBy(identity.dtls())
                .finish()
                .encode();
    }

    /** Stays after all: the sibling did not take it in. */
    public Bytes relocateCancel(String name, Identity identity, Carried carried) {
        RelocateCancel cancel = new RelocateCancel(name, next(name), carried);
        return TransactionSigning.of(cancel, chain).by(identity.sig()).finish().encode();
    }

    /** A join that an admin endorses as the only one of a batch. */
    public Bytes joinOfBatch(Join join, Identity identity) {
        BatchTicket ticket = BatchEndorsement.issue(
                        chain, List.of(join.body()), Instant.now().plusSeconds(3_600), admin.sig())
                .get(0);
        return TransactionSigning.joinOfBatch(join, chain, identity, ticket).encode();
    }

    /** Shows that a member has arrived in a sibling. */
    public Bytes relocateDone(String name, Identity filer, Carried carried) {
        RelocateDone done =
                new RelocateDone(name, next(name), carried, filer.sig().publicKey());
        return TransactionSigning.of(done, chain).by(filer.sig()).finish().encode();
    }

    /** The tree over the headers so far. */
    public HistoryTree history() {
        return history;
    }

    /** The header of a height. */
    public synchronized Bytes header(long height) {
        try {
            return Block.decode(blocks.get((int) height)).header();
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
    }

    /** What this chain says of a name now, as a transaction of another chain carries it. */
    public synchronized Carried carried(String name) {
        return new Carried(
                DirectoryAnswer.of(state.directory(), DirectoryPath.of(chain.digest(), name))
                        .encode(),
                checkpoint().encode());
    }

    private long next(String name) {
        return state().member(name).orElseThrow().sequence() + 1;
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
            states.add(state);
        });
    }
}
