package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain with keys of its own, to make real, signed transactions for. For one thread. */
final class SampleChain {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration VOUCHERS_HOLD = Duration.ofHours(1);
    private static final Bytes NONCE = Bytes.wrap(new byte[Header.NONCE_BYTES]);

    private final SecureRandom random = new SecureRandom();
    private final KeyPair operator = KeyPair.generate(random);
    private final KeyPair replica = KeyPair.generate(random);
    private final KeyPair voucherKey = KeyPair.generate(random);
    private final Identity admin = Identity.generate(random);
    private final Bytes genesis;
    private final ChainState begin;

    /** @param difficulty what the chain's policy asks of every block but the first */
    SampleChain(int difficulty) {
        Policy easy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                replica.publicKey(), KeyPair.generate(random).publicKey()))));
        Policy policy = new Policy(
                0,
                Optional.empty(),
                easy.operators(),
                easy.replicas(),
                easy.witnesses(),
                difficulty,
                easy.limits(),
                List.of(),
                easy.blockVersion());
        Identity gateway = Identity.generate(random);
        Genesis body = new Genesis(
                "bench",
                "bench",
                policy,
                BEGIN.toEpochMilli(),
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway-1", Role.GATEWAY, gateway.keys(), Optional.empty())));
        genesis = TransactionSigning.genesis(body, List.of(operator), List.of(admin, gateway))
                .encode();
        try {
            begin = Ledger.genesis(genesis).state();
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("made of sound parts", e);
        }
    }

    Bytes genesis() {
        return genesis;
    }

    /** The state after genesis. */
    ChainState begin() {
        return begin;
    }

    /** Who signs the chain's checkpoints. */
    KeyPair replica() {
        return replica;
    }

    List<Identity> identities(int count) {
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            identities.add(Identity.generate(random));
        }
        return identities;
    }

    /** Joins under the names {@code d-0} on. */
    List<Bytes> joins(List<Identity> identities, boolean sharedVoucher) {
        List<Bytes> joins = new ArrayList<>();
        Voucher voucher = voucher(identities.size());
        KeyPair key = voucherKey;
        for (int i = 0; i < identities.size(); i++) {
            if (!sharedVoucher) {
                key = KeyPair.generate(random);
                voucher = voucher(1, key);
            }
            Identity identity = identities.get(i);
            Join join = new Join(name(i), 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
            joins.add(TransactionSigning.joinByVoucher(join, begin.chainId(), identity, key)
                    .encode());
        }
        return joins;
    }

    /** Those that joined with {@link #joins} change all three keys. */
    List<Bytes> rotations(List<Identity> before, List<Identity> after) {
        List<Bytes> rotations = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Identity next = after.get(i);
            Rotate rotate = new Rotate(
                    name(i),
                    2,
                    Optional.of(next.sig().publicKey()),
                    Optional.of(next.kex().publicKey()),
                    Optional.of(next.dtls().publicKey()),
                    Optional.empty());
            rotations.add(TransactionSigning.of(rotate, begin.chainId())
                    .by(before.get(i).sig())
                    .by(next.sig())
                    .possessedBy(next.dtls())
                    .finish()
                    .encode());
        }
        return rotations;
    }

    /** Those that joined with {@link #joins} change their key-agreement keys. */
    List<Bytes> exchangeRotations(List<Identity> members) {
        List<Bytes> rotations = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Rotate rotate = new Rotate(
                    name(i),
                    2,
                    Optional.empty(),
                    Optional.of(KeyPair.generate(random).publicKey()),
                    Optional.empty(),
                    Optional.empty());
            rotations.add(TransactionSigning.of(rotate, begin.chainId())
                    .by(members.get(i).sig())
                    .finish()
                    .encode());
        }
        return rotations;
    }

    /** An entry for the block after a state. */
    Entry entry(ChainState parent, List<Bytes> transactions) {
        return new Entry(begin.chainId(), parent.header().timeMillis() + 1, NONCE, Optional.empty(), transactions);
    }

    /** The block after a state of a chain without difficulty, with all of these in it. */
    Step block(ChainState parent, List<Bytes> transactions) {
        Step step = Ledger.apply(parent, entry(parent, transactions));
        if (step.block().isEmpty() || step.block().get().changed().size() != transactions.size()) {
            throw new IllegalStateException("a sample transaction was refused");
        }
        return step;
    }

    private static String name(int index) {
        return "d-" + index;
    }

    private Voucher voucher(int uses) {
        return voucher(uses, voucherKey);
    }

    private Voucher voucher(int uses, KeyPair key) {
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        return Voucher.issue(
                begin.chainId(), Bytes.wrap(id), "d-*", uses, BEGIN.plus(VOUCHERS_HOLD), key.publicKey(), admin.sig());
    }
}
