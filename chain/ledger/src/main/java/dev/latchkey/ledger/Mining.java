package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.ChainId;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * The search for the nonce with which an entry makes a block of the difficulty that the policy asks for. The block is
 * assembled once; a try hashes its header, about 100 bytes, and allocates nothing. At difficulty d a search takes 2^d
 * tries on average. For one thread; several searches over apart ranges of nonces may share the work.
 */
public final class Mining {
    private final Entry entry;
    private final Digest parent;
    private final int difficulty;
    /** The header, whose last bytes are the nonce. */
    private final byte[] header;

    private final byte[] hash = new byte[Digest.SIZE];
    private final MessageDigest engine;

    private Mining(Entry entry, Digest parent, int difficulty, byte[] header) {
        this.entry = entry;
        this.parent = parent;
        this.difficulty = difficulty;
        this.header = header;
        try {
            this.engine = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Prepares the search for an entry on a state. An entry that would make no block is found at the first try, since
     * there is nothing to work for.
     *
     * @param parent the state that the entry shall be applied to
     * @param entry what the block shall hold; its own nonce and expected parent do not matter
     */
    public static Mining of(ChainState parent, Entry entry) {
        Digest expected = parent.blockHash();
        Optional<Assembly> block =
                Ledger.assemble(parent, with(entry, entry.nonce(), expected)).assembly();
        return block.map(assembly -> new Mining(
                        entry,
                        expected,
                        parent.policy().difficulty(),
                        assembly.state().headerBytes().toArray()))
                .orElseGet(() -> new Mining(entry, expected, 0, new byte[Header.NONCE_BYTES]));
    }

    /** A search over a header that finds nothing, since no eight bytes have so many bits. */
    static Mining unreachable(Header header) {
        Entry none = new Entry(
                new ChainId(header.previous()), header.timeMillis(), header.nonce(), Optional.empty(), List.of());
        return new Mining(
                none, header.previous(), Long.SIZE + 1, header.encode().toArray());
    }

    /**
     * Tries nonces one after the other.
     *
     * @param fromNonce the first nonce, all 64 bits of it
     * @param tries how many at most, so that the caller can stop in between
     * @return the entry with the nonce and the parent it was found for, if one of them was enough work
     */
    public Optional<Entry> search(long fromNonce, int tries) {
        for (int i = 0; i < tries; i++) {
            long nonce = fromNonce + i;
            writeNonce(nonce);
            if (leadingZeroBits() >= difficulty) {
                byte[] found = new byte[Header.NONCE_BYTES];
                System.arraycopy(header, header.length - found.length, found, 0, found.length);
                return Optional.of(with(entry, Bytes.wrap(found), parent));
            }
        }
        return Optional.empty();
    }

    private void writeNonce(long nonce) {
        long rest = nonce;
        for (int at = header.length - 1; at >= header.length - Header.NONCE_BYTES; at--) {
            header[at] = (byte) rest;
            rest >>>= Byte.SIZE;
        }
    }

    /** Leading zero bits of the header's hash, counted in its first eight bytes: policies ask for fewer. */
    private int leadingZeroBits() {
        engine.update(header);
        try {
            engine.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a hash fits the space for one", e);
        }
        long first = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            first = first << Byte.SIZE | hash[i] & 0xff;
        }
        return Long.numberOfLeadingZeros(first);
    }

    private static Entry with(Entry entry, Bytes nonce, Digest parent) {
        return new Entry(entry.chain(), entry.clockMillis(), nonce, Optional.of(parent), entry.transactions());
    }
}
