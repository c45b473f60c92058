package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Replays one chain from genesis and believes nothing: form, links, time, work, Merkle roots, rules, signatures,
 * directory and history roots, key histories, and at the end the checkpoint. For one thread and one chain.
 */
public final class Auditor {
    private final ChainSource source;
    private final Optional<ChainId> expected;
    private final EcVerifier verifier;
    private final Runnable step;
    private final Links links = new Links();
    private final KeyHistories histories = new KeyHistories();
    private final Kinds kinds = new Kinds();
    private final SortedMap<Integer, Long> work = new TreeMap<>();
    private final long beganNanos = System.nanoTime();
    private ChainState state;
    private ChainState signed;
    private VerifiedCheckpoint checkpoint;

    /**
     * Prepares an audit.
     *
     * @param expected the chain that it must be; without one the caller has to compare the id that is found
     * @param step called after each block
     */
    public Auditor(ChainSource source, Optional<ChainId> expected, EcVerifier verifier, Runnable step) {
        this.source = source;
        this.expected = expected;
        this.verifier = verifier;
        this.step = step;
    }

    /**
     * Does it.
     *
     * @throws AuditFault at the lowest height at which something is wrong
     * @throws IOException if the source cannot be read
     */
    public AuditReport audit() throws AuditFault, IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        try (SignatureQueue signatures = new SignatureQueue(verifier, cores)) {
            Optional<AuditFault> structural = Optional.empty();
            try {
                replay(signatures);
                histories.requireEndsIn(state);
            } catch (AuditFault e) {
                structural = Optional.of(e);
            }
            OptionalLong falseSignature = signatures.finish();
            if (falseSignature.isPresent()
                    && structural.map(AuditFault::height).orElse(Long.MAX_VALUE) >= falseSignature.getAsLong()) {
                throw new AuditFault(falseSignature.getAsLong(), "signature");
            }
            if (structural.isPresent()) {
                throw structural.get();
            }
            checkCheckpoint();
            Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
            return new AuditReport(
                    state,
                    checkpoint,
                    kinds.total(),
                    kinds.counts(),
                    histories.records(),
                    new TreeMap<>(work),
                    signatures.count(),
                    took);
        }
    }

    private void replay(SignatureQueue signatures) throws AuditFault, IOException {
        if (expected.isPresent() && !expected.get().equals(source.chain())) {
            throw new AuditFault(0, "chain: this is another chain than the one expected");
        }
        BlockVerifier blocks = new BlockVerifier(signatures, Runnable::run);
        for (Optional<Bytes> block = next(); block.isPresent() && !signatures.failed(); block = next()) {
            signatures.at(height());
            take(verified(blocks, block.get()));
            step.run();
        }
    }

    private Optional<Bytes> next() throws AuditFault, IOException {
        try {
            return source.next();
        } catch (MalformedSourceException e) {
            throw new AuditFault(height(), "source: " + e.getMessage(), e);
        }
    }

    private long height() {
        return state == null ? 0 : state.height() + 1;
    }

    private VerifiedBlock verified(BlockVerifier blocks, Bytes block) throws AuditFault {
        try {
            return state == null ? blocks.verifyGenesis(source.chain(), block) : blocks.verify(state, block);
        } catch (BlockFaultException e) {
            throw new AuditFault(e.height(), reason(e), e);
        }
    }

    private static String reason(BlockFaultException fault) {
        String name = fault.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return fault.refusal().map(refusal -> name + ": " + refusal.code()).orElse(name);
    }

    private void take(VerifiedBlock block) throws AuditFault {
        links.take(block);
        List<SignedTransaction> transactions = new ArrayList<>();
        try {
            for (Bytes transaction : block.transactions()) {
                transactions.add(SignedTransaction.decode(transaction));
            }
        } catch (MalformedTransactionException e) {
            throw new AuditFault(block.height(), "malformed", e);
        }
        histories.take(block, transactions);
        transactions.forEach(kinds::take);
        state = block.after();
        int difficulty = state.header().difficulty();
        if (difficulty > 0) {
            work.merge(difficulty, 1L, Long::sum);
        }
        if (block.height() == 0 && !source.describes(state)) {
            throw new AuditFault(0, "source: the header tells of another chain");
        }
        if (block.height() == source.checkpointHeight()) {
            signed = state;
        }
    }

    private void checkCheckpoint() throws AuditFault, IOException {
        if (signed == null) {
            throw new AuditFault(height(), "source: blocks end before the checkpoint");
        }
        try {
            Bytes encoded = source.checkpoint();
            checkpoint = CheckpointVerifier.verify(
                    encoded, PolicyChain.verify(signed.chainId(), signed.policyTransactions(), verifier), verifier);
        } catch (ProofException e) {
            throw new AuditFault(
                    signed.height(),
                    "checkpoint: " + e.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    e);
        } catch (MalformedSourceException e) {
            throw new AuditFault(signed.height(), "source: " + e.getMessage(), e);
        }
        if (!checkpoint.checkpoint().equals(signed.checkpoint())) {
            throw new AuditFault(signed.height(), "checkpoint: it is of another history");
        }
    }
}
