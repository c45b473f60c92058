package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Checks blocks in full: form, links, time, work, roots, every rule and every signature. Safe for use by many threads;
 * the
 * transactions of one block are decoded, and its signatures checked, on the caller's thread and, as far as it is free, on
 * the executor.
 */
public final class BlockVerifier {
    private final EcVerifier verifier;
    private final Executor executor;

    public BlockVerifier(EcVerifier verifier, Executor executor) {
        this.verifier = verifier;
        this.executor = executor;
    }

    /** Checks block 0 of the chain with a known id. */
    public VerifiedBlock verifyGenesis(ChainId expected, Bytes encoded) throws BlockFaultException {
        return genesis(expected, encoded, true);
    }

    /** Checks the block after a state. */
    public VerifiedBlock verify(ChainState parent, Bytes encoded) throws BlockFaultException {
        return check(parent, encoded, true);
    }

    /** Block 0 from a replica's own store: everything but the signatures, which were checked before it was stored. */
    public VerifiedBlock replayGenesis(ChainId expected, Bytes encoded) throws BlockFaultException {
        return genesis(expected, encoded, false);
    }

    /** A block from a replica's own store: everything but the signatures, which were checked before it was stored. */
    public VerifiedBlock replay(ChainState parent, Bytes encoded) throws BlockFaultException {
        return check(parent, encoded, false);
    }

    private VerifiedBlock genesis(ChainId expected, Bytes encoded, boolean signatures) throws BlockFaultException {
        Block block = decode(encoded, 0);
        require(block.transactions().size() == 2, Fault.MALFORMED, 0);
        Step step;
        SignedTransaction signed;
        Decision decision;
        Draft draft;
        try {
            Bytes transaction = block.transactions().get(1);
            step = Ledger.genesis(transaction);
            signed = SignedTransaction.decode(transaction);
            Genesis genesis = (Genesis) signed.transaction();
            decision = Rules.genesis(signed, genesis);
            draft = new Draft(expected, genesis.network(), genesis.chainName(), genesis.policy(), genesis.timeMillis());
        } catch (MalformedTransactionException e) {
            throw new BlockFaultException(Fault.TRANSACTION, 0, Optional.of(Refusal.MALFORMED));
        }
        require(step.state().chainId().equals(expected), Fault.CHAIN, 0);
        NewBlock made = step.block().orElseThrow();
        require(made.encoded().equals(encoded), Fault.MERKLE_ROOT, 0);
        Decision.Granted granted = (Decision.Granted) decision;
        requireSignatures(signatures ? granted.claims() : List.of(), 0);
        granted.change().accept(draft);
        draft.take(signed.encode(), signed.id(expected));
        return new VerifiedBlock(made, step.state(), draft);
    }

    private VerifiedBlock check(ChainState parent, Bytes encoded, boolean signatures) throws BlockFaultException {
        long height = parent.height() + 1;
        Block block = decode(encoded, height);
        Header header;
        Seal seal;
        try {
            header = Header.decode(block.header());
        } catch (MalformedBlockException e) {
            throw new BlockFaultException(Fault.MALFORMED, height);
        }
        try {
            seal = Seal.decode(block.transactions().get(0));
        } catch (MalformedBlockException e) {
            throw new BlockFaultException(Fault.SEAL, height);
        }
        requireHeader(parent, header, block.hash());
        require(seal.height() == height, Fault.HEIGHT, height);
        requireSame(parent.historyRoot(), seal.historyRoot(), Fault.HISTORY_ROOT, height);
        requireSame(header.merkleRoot(), block.merkleRoot(), Fault.MERKLE_ROOT, height);
        List<Bytes> transactions =
                block.transactions().subList(1, block.transactions().size());
        require(
                !transactions.isEmpty() || header.timeMillis() - parent.header().timeMillis() >= Ledger.IDLE_MILLIS,
                Fault.EARLY_SEAL,
                height);
        Draft draft = new Draft(parent, header.timeMillis());
        List<SignatureClaim> claims = new ArrayList<>();
        for (Optional<SignedTransaction> transaction : decoded(transactions)) {
            claims.addAll(apply(draft, transaction));
        }
        requireSame(draft.directoryRoot(), seal.directoryRoot(), Fault.DIRECTORY_ROOT, height);
        requireSignatures(signatures ? claims : List.of(), height);
        Assembly assembly = Assembly.of(draft, parent.blockHash(), parent.history(), header.nonce());
        require(assembly.block().encoded().equals(encoded), Fault.MALFORMED, height);
        return new VerifiedBlock(assembly.block(), assembly.state(), draft);
    }

    private static void requireHeader(ChainState parent, Header header, Digest hash) throws BlockFaultException {
        long height = parent.height() + 1;
        require(header.version() == parent.policy().blockVersion().version(), Fault.VERSION, height);
        requireSame(parent.blockHash(), header.previous(), Fault.PARENT, height);
        require(header.timeMillis() >= parent.header().timeMillis(), Fault.TIME, height);
        require(header.difficulty() == parent.policy().difficulty(), Fault.DIFFICULTY, height);
        require(Header.leadingZeroBits(hash) >= header.difficulty(), Fault.WORK, height);
    }

    /** The transactions in order, none in place of one that is malformed. To decompress their keys takes most of the time. */
    private List<Optional<SignedTransaction>> decoded(List<Bytes> transactions) {
        List<Optional<SignedTransaction>> decoded =
                new ArrayList<>(Collections.nCopies(transactions.size(), Optional.empty()));
        SharedWork.all(
                transactions.size(),
                i -> {
                    decoded.set(i, decoded(transactions.get(i)));
                    return true;
                },
                executor);
        return decoded;
    }

    private static Optional<SignedTransaction> decoded(Bytes transaction) {
        try {
            return Optional.of(SignedTransaction.decode(transaction));
        } catch (MalformedTransactionException e) {
            return Optional.empty();
        }
    }

    private static List<SignatureClaim> apply(Draft draft, Optional<SignedTransaction> decoded)
            throws BlockFaultException {
        if (decoded.isEmpty()) {
            throw new BlockFaultException(Fault.TRANSACTION, draft.height(), Optional.of(Refusal.MALFORMED));
        }
        SignedTransaction signed = decoded.get();
        Digest id = signed.id(draft.chain());
        require(draft.applied(id).isEmpty(), Fault.REPEATED, draft.height());
        Decision decision = Rules.decide(draft, signed);
        if (decision instanceof Decision.Denied denied) {
            throw new BlockFaultException(Fault.TRANSACTION, draft.height(), Optional.of(denied.reason()));
        }
        require(draft.hasRoomFor(signed.encode()), Fault.SIZE, draft.height());
        Decision.Granted granted = (Decision.Granted) decision;
        granted.change().accept(draft);
        draft.take(signed.encode(), id);
        return granted.claims();
    }

    private void requireSignatures(List<SignatureClaim> claims, long height) throws BlockFaultException {
        require(ClaimCheck.allHold(claims, verifier, executor), Fault.SIGNATURE, height);
    }

    private static Block decode(Bytes encoded, long height) throws BlockFaultException {
        try {
            return Block.decode(encoded);
        } catch (MalformedBlockException e) {
            throw new BlockFaultException(e.fault(), height);
        }
    }

    private static void requireSame(Digest expected, Digest found, Fault fault, long height)
            throws BlockFaultException {
        if (!found.equals(expected)) {
            throw new BlockFaultException(fault, height, expected, found);
        }
    }

    private static void require(boolean good, Fault fault, long height) throws BlockFaultException {
        if (!good) {
            throw new BlockFaultException(fault, height);
        }
    }
}
