package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.Receipt;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A chain with a real ledger, all in memory: each transaction becomes a block. Guarded by its gateway. */
final class TestChain {
    final SecureRandom random = new SecureRandom();
    final KeyPair operator = KeyPair.generate(random);
    final KeyPair replica = KeyPair.generate(random);
    final Identity admin = Identity.generate(random);
    final Genesis genesis;
    final Bytes genesisTransaction;

    ChainState state;
    final Map<Long, ChainState> states = new HashMap<>();
    final List<Bytes> blocks = new ArrayList<>();
    final HistoryTree history = new HistoryTree();
    Duration checkpointAge = Duration.ZERO;
    KeyPair checkpointSigner = replica;

    TestChain(String name, Identity gateway) throws Exception {
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                replica.publicKey(), KeyPair.generate(random).publicKey()))));
        genesis = new Genesis(
                "city",
                name,
                policy,
                System.currentTimeMillis(),
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember(TestGateway.NAME, Role.GATEWAY, gateway.keys(), Optional.empty())));
        genesisTransaction = TransactionSigning.genesis(genesis, List.of(operator), List.of(admin, gateway))
                .encode();
        take(Ledger.genesis(genesisTransaction));
    }

    ChainId id() {
        return genesis.chainId();
    }

    /** The newest checkpoint. */
    SignedCheckpoint signed() {
        return SignedCheckpoint.sign(
                state.checkpoint(), checkpointSigner, Instant.now().minus(checkpointAge));
    }

    /** Puts a transaction into a block of its own. */
    Outcome apply(Bytes transaction) {
        Entry entry = new Entry(
                id(),
                System.currentTimeMillis(),
                Bytes.fromHex("0102030405060708"),
                Optional.empty(),
                List.of(transaction));
        return take(Ledger.apply(state, entry)).outcomes().get(0);
    }

    private Step take(Step step) {
        state = step.state();
        step.block().ifPresent(block -> {
            blocks.add(block.encoded());
            history.append(block.historyLeaf());
            states.put(block.height(), state);
        });
        return step;
    }

    /** The receipt of what was applied, now or before. */
    Bytes receipt(Outcome outcome) {
        TransactionLocation location = outcome instanceof Outcome.Applied
                ? ((Outcome.Applied) outcome).location()
                : ((Outcome.Repeated) outcome).location();
        try {
            return Receipt.make(Block.decode(blocks.get((int) location.height())), location, history, signed());
        } catch (MalformedBlockException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key-agreement keys of active members. */
    Set<KeyId> recipients() {
        Set<KeyId> current = new HashSet<>();
        state.forEachMember(member -> {
            if (member.isActive()) {
                current.add(member.keys().kex().kid());
            }
        });
        return current;
    }
}
