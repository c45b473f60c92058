package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A directory of many members under a real checkpoint. Its records have the form and size of real ones; nobody signed for
 * them, and a few keys serve all. For one thread.
 */
final class SampleDirectory {
    private static final int DIFFERENT_KEYS = 12;
    private static final int NAME_LETTERS = 10;
    private static final int MAX_HEIGHT = 1_000_000;

    private final SampleChain chain = new SampleChain(0);
    private final Random random = new Random(1);
    private final List<Identity> identities = chain.identities(DIFFERENT_KEYS);
    private final String[] names;
    private final Trie directory;

    /**
     * Every fourth member has rotated its keys once, and every second has committed to its next one.
     *
     * @param members how many
     */
    SampleDirectory(int members, ProgressBar progress) {
        names = new String[members];
        Trie filled = Trie.EMPTY;
        for (int i = 0; i < members; i++) {
            names[i] = freshName(i);
            filled = filled.put(path(names[i]), record(names[i]).encode());
            progress.step();
        }
        directory = filled;
        directory.root();
    }

    Trie directory() {
        return directory;
    }

    ChainId chainId() {
        return chain.begin().chainId();
    }

    Digest path(String name) {
        return DirectoryPath.of(chainId().digest(), name);
    }

    String anyMember() {
        return names[random.nextInt(names.length)];
    }

    /** A name that nobody has. */
    String nobody() {
        return "n-" + letters();
    }

    /** The directory's root as a gateway would trust it. */
    VerifiedCheckpoint checkpoint() throws ProofException {
        ChainState begin = chain.begin();
        Checkpoint head = new Checkpoint(
                chainId(),
                0,
                begin.blockHash(),
                begin.historyRoot(),
                directory.root(),
                0,
                begin.header().timeMillis());
        EcVerifier verifier = EcProviders.verifier();
        SignedCheckpoint signed = SignedCheckpoint.sign(head, chain.replica(), Instant.EPOCH);
        return CheckpointVerifier.verify(
                signed, PolicyChain.verify(chainId(), List.of(chain.genesis()), verifier), verifier);
    }

    private MemberRecord record(String name) {
        MemberKeys keys = new MemberKeys(
                identities.get(random.nextInt(DIFFERENT_KEYS)).sig().publicKey(),
                identities.get(random.nextInt(DIFFERENT_KEYS)).kex().publicKey(),
                identities.get(random.nextInt(DIFFERENT_KEYS)).dtls().publicKey());
        boolean rotated = random.nextInt(4) == 0;
        return new MemberRecord(
                name,
                bytes(MemberRecord.ID_BYTES),
                rotated ? 2 : 1,
                MemberState.ACTIVE,
                Role.MEMBER,
                keys,
                random.nextInt(MAX_HEIGHT),
                rotated ? Optional.of(digest()) : Optional.empty(),
                random.nextBoolean() ? Optional.of(digest()) : Optional.empty());
    }

    /** Named as {@code latchkey device join} names a device; the number makes it unique. */
    private String freshName(int number) {
        String unique = Integer.toString(number, Character.MAX_RADIX);
        return "d-" + letters().substring(unique.length()) + unique;
    }

    private String letters() {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < NAME_LETTERS; i++) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }

    private Digest digest() {
        return Digest.of(bytes(Digest.SIZE));
    }

    private Bytes bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
