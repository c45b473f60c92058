package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A small network with its keys, and one chain of blocks made by real entries; for tests. */
public final class TestNetwork {
    /** Time of genesis, milliseconds since 1970. */
    public static final long T0 = 1_800_000_000_000L;

    public static final EcVerifier VERIFIER = StrictEcVerifier.bouncy();
    public static final Bytes NONCE = Bytes.fromHex("0102030405060708");

    public final SecureRandom random;
    public final KeyPair operator;
    public final KeyPair replica;
    public final KeyPair replicaTls;
    public final Identity admin;
    public final Identity gateway;
    public final KeyPair voucherKey;
    public final Genesis genesis;
    public final Bytes genesisTransaction;
    public final ChainId chain;
    public final HistoryTree history = new HistoryTree();
    public final List<Bytes> blocks = new ArrayList<>();
    public ChainState state;
    private long clock = T0;

    public TestNetwork() {
        this("seattle");
    }

    public TestNetwork(String chainName) {
        this(chainName, new SecureRandom());
    }

    /** A network whose keys come from there, in the order of the fields. */
    public TestNetwork(String chainName, SecureRandom random) {
        this.random = random;
        operator = KeyPair.generate(random);
        replica = KeyPair.generate(random);
        replicaTls = KeyPair.generate(random);
        admin = Identity.generate(random);
        gateway = Identity.generate(random);
        voucherKey = KeyPair.generate(random);
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(1, List.of(new Policy.Replica(replica.publicKey(), replicaTls.publicKey()))));
        genesis = new Genesis(
                "city",
                chainName,
                policy,
                T0,
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway-1", Role.GATEWAY, gateway.keys(), Optional.empty())));
        genesisTransaction = TransactionSigning.genesis(genesis, List.of(operator), List.of(admin, gateway))
                .encode();
        chain = genesis.chainId();
        try {
            take(Ledger.genesis(genesisTransaction));
        } catch (dev.latchkey.transaction.MalformedTransactionException e) {
            throw new AssertionError(e);
        }
    }

    /** Applies transactions one millisecond after the block before. */
    public Step apply(Bytes... transactions) {
        clock++;
        return take(Ledger.apply(state, entry(transactions)));
    }

    /** Applies an entry as it is. */
    public Step apply(Entry entry) {
        return take(Ledger.apply(state, entry));
    }

    /** Lets header time pass: the next entry carries a clock that much later. */
    public void pass(long millis) {
        clock += millis;
    }

    public Entry entry(Bytes... transactions) {
        return new Entry(chain, clock, NONCE, Optional.empty(), List.of(transactions));
    }

    private Step take(Step step) {
        state = step.state();
        step.block().ifPresent(block -> {
            blocks.add(block.encoded());
            history.append(block.historyLeaf());
        });
        return step;
    }

    public Voucher voucher(String pattern, long uses) {
        return voucher(pattern, uses, Instant.ofEpochMilli(T0).plusSeconds(3600));
    }

    public Voucher voucher(String pattern, long uses, Instant notAfter) {
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        return Voucher.issue(chain, Bytes.wrap(id), pattern, uses, notAfter, voucherKey.publicKey(), admin.sig());
    }

    public SignedTransaction join(String name, Identity identity, Voucher voucher) {
        return TransactionSigning.joinByVoucher(joinBody(name, identity, voucher), chain, identity, voucherKey);
    }

    public static Join joinBody(String name, Identity identity, Voucher voucher) {
        return new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
    }

    /** Joins a new member by a voucher of its own. */
    public Identity joined(String name) {
        Identity identity = Identity.generate(random);
        apply(join(name, identity, voucher(name, 1)).encode());
        return identity;
    }

    /** Makes another chain a sibling of this one, by a policy of its own. */
    public void befriend(TestNetwork other, boolean movesIn) {
        Policy before = state.policy();
        Policy.Sibling sibling = new Policy.Sibling(
                other.chain, other.genesis.chainName(), 1, List.of(other.replica.publicKey()), movesIn);
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                before.difficulty(),
                before.limits(),
                List.of(sibling),
                before.blockVersion());
        apply(TransactionSigning.of(new PolicyChange(next), chain)
                .by(operator)
                .finish()
                .encode());
    }

    /** What this chain says of a name now, as a transaction in another chain carries it. */
    public Carried carried(String name) {
        return carried(name, 0);
    }

    /** The same, under a checkpoint that was signed so many seconds later. */
    public Carried carried(String name, long secondsLater) {
        return carried(name, replica, secondsLater);
    }

    /** The same, under a checkpoint that somebody else signed. */
    public Carried carriedSignedBy(String name, KeyPair signer) {
        return carried(name, signer, 0);
    }

    private Carried carried(String name, KeyPair signer, long secondsLater) {
        Instant moment = Instant.ofEpochMilli(state.header().timeMillis()).plusSeconds(secondsLater);
        return new Carried(
                DirectoryAnswer.of(state.directory(), DirectoryPath.of(chain.digest(), name))
                        .encode(),
                SignedCheckpoint.sign(state.checkpoint(), signer, moment).encode());
    }

    /** The whole check of a transaction at this chain's clock, signatures included. */
    public Outcome admit(Bytes transaction) {
        return Admission.check(state, transaction, clock + 1, VERIFIER);
    }

    /** Checks that a verifier who starts from nothing accepts every block so far, and arrives at the same state. */
    public void replayed() {
        BlockVerifier blocksOf = new BlockVerifier(VERIFIER, Runnable::run);
        try {
            ChainState reached = blocksOf.verifyGenesis(chain, blocks.get(0)).after();
            for (Bytes block : blocks.subList(1, blocks.size())) {
                reached = blocksOf.verify(reached, block).after();
            }
            if (!reached.checkpoint().equals(state.checkpoint())) {
                throw new AssertionError("a verifier arrives elsewhere");
            }
        } catch (BlockFaultException e) {
            throw new AssertionError(e);
        }
    }

    public Digest id(SignedTransaction transaction) {
        return transaction.id(chain);
    }
}
