package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A chain of many transactions of all kinds, made by the real ledger from a seed: the same seed gives the same bytes. Two
 * of three operators, two of three replicas.
 */
final class MixedChain {
    static final long T0 = 1_800_000_000_000L;

    final Random dice;
    final SecureRandom keys;
    final List<KeyPair> operators = new ArrayList<>();
    final List<KeyPair> replicas = new ArrayList<>();
    final List<Bytes> blocks = new ArrayList<>();
    final ChainId chain;
    final Identity admin;
    final Identity gateway;
    final Neighbour neighbour;
    ChainState state;
    long clock = T0;

    MixedChain(long seed, int transactions) {
        dice = new Random(seed);
        keys = seeded(seed);
        for (int i = 0; i < 3; i++) {
            operators.add(KeyPair.generate(keys));
            replicas.add(KeyPair.generate(keys));
        }
        admin = Identity.generate(keys);
        gateway = Identity.generate(keys);
        List<Policy.Replica> nodes = new ArrayList<>();
        replicas.forEach(replica -> nodes.add(
                new Policy.Replica(replica.publicKey(), KeyPair.generate(keys).publicKey())));
        neighbour = new Neighbour(keys);
        Policy first = Policy.first(
                new Policy.Operators(
                        2, operators.stream().map(KeyPair::publicKey).toList()),
                new Policy.Replicas(2, nodes));
        Policy policy = TestNetwork.withSiblings(first, neighbour.sibling(false));
        Genesis genesis = new Genesis(
                "city",
                "mixed",
                policy,
                T0,
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway-1", Role.GATEWAY, gateway.keys(), Optional.empty())));
        chain = genesis.chainId();
        begin(TransactionSigning.genesis(genesis, operators.subList(0, 2), List.of(admin, gateway)));
        fill(transactions - 1);
    }

    private static SecureRandom seeded(long seed) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG"); // its bytes follow from its seed alone
            random.setSeed(seed);
            return random;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void begin(SignedTransaction genesis) {
        try {
            take(Ledger.genesis(genesis.encode()));
        } catch (MalformedTransactionException e) {
            throw new AssertionError(e);
        }
    }

    private void fill(int transactions) {
        MixedTransactions town = new MixedTransactions(this);
        int left = transactions;
        while (left > 0) {
            int size = Math.min(left, 1 + dice.nextInt(6));
            clock += dice.nextInt(200_000);
            town.finishRecoveries();
            List<Bytes> entry = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                entry.add(town.next().encode());
            }
            apply(entry);
            left -= size;
            if (dice.nextInt(60) == 0) {
                clock += Ledger.IDLE_MILLIS * (1 + dice.nextInt(80)); // recoveries by operators fall due
                apply(List.of());
            }
        }
    }

    private void apply(List<Bytes> transactions) {
        Step step = Ledger.apply(state, new Entry(chain, clock, nonce(), Optional.empty(), transactions));
        for (Outcome outcome : step.outcomes()) {
            if (!(outcome instanceof Outcome.Applied)) {
                throw new AssertionError("the generator made what the ledger refuses: " + outcome);
            }
        }
        take(step);
    }

    private Bytes nonce() {
        byte[] nonce = new byte[8];
        dice.nextBytes(nonce);
        return Bytes.wrap(nonce);
    }

    private void take(Step step) {
        state = step.state();
        blocks.add(step.block().orElseThrow().encoded());
    }

    /** What two replicas sign of a head. */
    Bytes signed(Checkpoint head) {
        return signed(head, replicas.get(0), replicas.get(2));
    }

    static Bytes signed(Checkpoint head, Signer one, Signer other) {
        Instant moment = Instant.ofEpochMilli(head.timeMillis());
        return SignedCheckpoint.sign(head, one, moment)
                .with(SignedCheckpoint.sign(head, other, moment.plusSeconds(1)))
                .encode();
    }
}
