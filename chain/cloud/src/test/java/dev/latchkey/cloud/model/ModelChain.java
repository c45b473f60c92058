package dev.latchkey.cloud.model;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.export.ChainSource;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One chain with the keys of those who govern it, and what the model says of its names. */
final class ModelChain {
    static final long T0 = 1_800_000_000_000L;

    final String name;
    final ChainId chain;
    final List<KeyPair> operators;
    final Identity admin;
    final Map<String, Player> players = new TreeMap<>();
    final List<Bytes> blocks = new ArrayList<>();
    KeyPair replica;
    ChainState state;

    ModelChain(String name, SecureRandom keys) {
        this.name = name;
        this.operators = List.of(KeyPair.generate(keys), KeyPair.generate(keys), KeyPair.generate(keys));
        this.replica = KeyPair.generate(keys);
        this.admin = Identity.generate(keys);
        Identity gateway = Identity.generate(keys);
        Policy policy = Policy.first(
                new Policy.Operators(
                        2, operators.stream().map(KeyPair::publicKey).toList()),
                replicas(keys));
        Genesis genesis = new Genesis(
                "city",
                name,
                policy,
                T0,
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway-1", Role.GATEWAY, gateway.keys(), Optional.empty())));
        this.chain = genesis.chainId();
        try {
            take(Ledger.genesis(TransactionSigning.genesis(genesis, someOperators(), List.of(admin, gateway))
                    .encode()));
        } catch (MalformedTransactionException e) {
            throw new AssertionError(e);
        }
    }

    /** Two of the three. */
    List<Signer> someOperators() {
        return List.of(operators.get(0), operators.get(2));
    }

    /** A policy of replicas with the current replica key. */
    Policy.Replicas replicas(SecureRandom keys) {
        return new Policy.Replicas(
                1,
                List.of(new Policy.Replica(
                        replica.publicKey(), KeyPair.generate(keys).publicKey())));
    }

    TransactionSigning signing(Transaction transaction) {
        return TransactionSigning.of(transaction, chain);
    }

    Bytes byOperators(TransactionSigning signing) {
        someOperators().forEach(signing::by);
        return signing.finish().encode();
    }

    Step apply(long clock, Bytes nonce, List<Bytes> transactions) {
        return take(Ledger.apply(state, new Entry(chain, clock, nonce, Optional.empty(), transactions)));
    }

    private Step take(Step step) {
        state = step.state();
        step.block().ifPresent(block -> blocks.add(block.encoded()));
        return step;
    }

    long time() {
        return state.header().timeMillis();
    }

    /** What this chain says of a name now, under a checkpoint that its replica signs now. */
    Carried carried(String of) {
        return new Carried(
                DirectoryAnswer.of(state.directory(), DirectoryPath.of(chain.digest(), of))
                        .encode(),
                signed());
    }

    Bytes signed() {
        return SignedCheckpoint.sign(state.checkpoint(), replica, Instant.ofEpochMilli(time()))
                .encode();
    }

    /** The chain as a source of an export. */
    ChainSource source() {
        return new ChainSource() {
            private int next;

            @Override
            public ChainId chain() {
                return chain;
            }

            @Override
            public long height() {
                return state.height();
            }

            @Override
            public long checkpointHeight() {
                return state.height();
            }

            @Override
            public boolean describes(ChainState genesis) {
                return true;
            }

            @Override
            public Optional<Bytes> next() {
                return next < blocks.size() ? Optional.of(blocks.get(next++)) : Optional.empty();
            }

            @Override
            public Bytes checkpoint() {
                return signed();
            }

            @Override
            public void close() {}
        };
    }
}
