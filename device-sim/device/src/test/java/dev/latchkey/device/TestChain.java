package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
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
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.Receipt;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
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
    KeyPair replica = KeyPair.generate(random);
    final Identity admin = Identity.generate(random);
    final Genesis genesis;
    final Bytes genesisTransaction;

    ChainState state;
    final List<Bytes> policyTransactions = new ArrayList<>();
    final Map<Long, ChainState> states = new HashMap<>();
    final List<Bytes> blocks = new ArrayList<>();
    HistoryTree history = new HistoryTree();
    final List<Bytes> offers = new ArrayList<>();
    final List<Bytes> applied = new ArrayList<>();
    long aheadMillis;
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
        policyTransactions.add(genesisTransaction);
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
        applied.add(transaction);
        Entry entry = new Entry(
                id(),
                System.currentTimeMillis() + aheadMillis,
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

    CoapResponse policies(CoapRequest request) {
        return CoapResponse.content(
                ContentFormat.CBOR_SEQUENCE,
                Cbor.encodeSequence(policyTransactions.stream()
                        .skip(request.parameter("from").map(Long::parseLong).orElse(0L))
                        .map(Cbor::bytes)
                        .toList()));
    }

    CoapResponse checkpoint(CoapRequest request) {
        return CoapResponse.content(ContentFormat.COSE_SIGN, signed().encode());
    }

    CoapResponse key(CoapRequest request) {
        ChainState then = states.get(heightAskedFor(request));
        if (then == null) {
            return TestGateway.problem(Code.NOT_FOUND, "stale-height");
        }
        String name = request.variable("name");
        if (request.parameter("v").isEmpty() && request.parameter("p").isEmpty()) {
            return state.member(name)
                    .map(record -> CoapResponse.content(ContentFormat.CBOR, record.encode()))
                    .orElse(TestGateway.problem(Code.NOT_FOUND, "unknown-name"));
        }
        return request.parameter("v").isEmpty()
                ? CoapResponse.content(ContentFormat.CBOR, KeyProof.answer(then, name))
                : CoapResponse.content(
                        ContentFormat.CBOR,
                        KeyHistory.answer(then, name, older(then, name)).orElseThrow());
    }

    private long heightAskedFor(CoapRequest request) {
        return request.parameter("h").map(Long::parseLong).orElse(state.height());
    }

    private List<Bytes> older(ChainState then, String name) {
        List<Bytes> older = new ArrayList<>();
        long before = then.member(name).orElseThrow().sequence();
        for (long height = then.height(); height >= 0; height--) {
            Optional<MemberRecord> record = states.get(height).member(name);
            if (record.isPresent() && record.get().sequence() < before) {
                older.add(record.get().encode());
                before = record.get().sequence();
            }
        }
        return older;
    }

    CoapResponse consistency(CoapRequest request) {
        long older = Long.parseLong(request.parameter("a").orElseThrow());
        long newer = Long.parseLong(request.parameter("b").orElseThrow());
        return newer > state.height()
                ? TestGateway.problem(Code.NOT_FOUND, "stale-height")
                : CoapResponse.content(ContentFormat.CBOR, ConsistencyProof.answer(history, older, newer));
    }

    CoapResponse offered(CoapRequest request) {
        offers.add(request.payload());
        return TestGateway.problem(Code.CONFLICT, "inconsistent");
    }

    CoapResponse header(CoapRequest request) {
        long height = Long.parseLong(request.variable("height"));
        long under = heightAskedFor(request);
        Bytes header = states.get(height).headerBytes();
        return CoapResponse.content(ContentFormat.CBOR, HeaderProof.answer(history, height, header, under));
    }

    CoapResponse transaction(CoapRequest request) {
        Outcome outcome = apply(request.payload());
        return outcome instanceof Outcome.Refused refused
                ? TestGateway.problem(Code.CONFLICT, refused.reason().code())
                : CoapResponse.created("/t/1", ContentFormat.CBOR, receipt(outcome));
    }

    static boolean isMoving(MemberRecord record) {
        return record.state() instanceof MemberState.Moving || record.state() instanceof MemberState.Moved;
    }

    /** Makes another chain a sibling of this one. */
    void siblingOf(TestChain other, boolean movesIn) {
        change(
                state.policy().replicas(),
                List.of(new Policy.Sibling(
                        other.id(), other.genesis.chainName(), 1, List.of(other.replica.publicKey()), movesIn)));
    }

    /** Puts another replica in the place of the one that signs. */
    void replaceReplica() {
        replica = KeyPair.generate(random);
        change(
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                replica.publicKey(), KeyPair.generate(random).publicKey()))),
                state.policy().siblings());
        checkpointSigner = replica;
    }

    /** Files proof that the replica signed another body for the newest height; the policy number stays. */
    void strikeReplica() {
        Checkpoint honest = state.checkpoint();
        Checkpoint other = new Checkpoint(
                id(),
                honest.height(),
                honest.blockHash(),
                honest.historyRoot(),
                Digest.sha256(Bytes.utf8("another directory")),
                honest.policyNumber(),
                honest.timeMillis());
        Bytes second = SignedCheckpoint.sign(other, replica, Instant.now()).encode();
        Evidence evidence = new Evidence(
                signed().encode(), second, Optional.empty(), admin.sig().publicKey());
        file(TransactionSigning.of(evidence, id()).by(admin.sig()).finish().encode());
    }

    private void change(Policy.Replicas replicas, List<Policy.Sibling> siblings) {
        Policy now = state.policy();
        Policy next = new Policy(
                now.number() + 1,
                Optional.of(now.hash()),
                now.operators(),
                replicas,
                now.witnesses(),
                now.difficulty(),
                now.limits(),
                siblings,
                now.blockVersion());
        Bytes change = TransactionSigning.of(new PolicyChange(next), id())
                .by(operator)
                .finish()
                .encode();
        file(change);
    }

    private void file(Bytes transaction) {
        Outcome outcome = apply(transaction);
        if (!(outcome instanceof Outcome.Applied)) {
            throw new IllegalStateException(outcome.toString());
        }
        policyTransactions.add(transaction);
    }

    /** Takes back all blocks above a height, as a cloud does that shows two histories. */
    void rewind(long height) {
        state = states.get(height);
        states.keySet().removeIf(later -> later > height);
        List<Bytes> kept = new ArrayList<>(blocks.subList(0, (int) height + 1));
        blocks.clear();
        blocks.addAll(kept);
        history = new HistoryTree();
        for (long i = 0; i <= height; i++) {
            history.append(Rfc9162.leafHash(states.get(i).headerBytes()));
        }
    }

    /** The key-agreement keys of members that can be reached. */
    Set<KeyId> recipients() {
        Set<KeyId> current = new HashSet<>();
        state.forEachMember(member -> {
            if (member.isActive() || isMoving(member)) {
                current.add(member.keys().kex().kid());
            }
        });
        return current;
    }
}
