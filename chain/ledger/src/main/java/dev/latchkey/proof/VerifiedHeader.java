package dev.latchkey.proof;

import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.Header;

/** A header that the history of a checkpoint holds at a height. Only verifiers make one. Immutable. */
public final class VerifiedHeader {
    private final long height;
    private final Digest blockHash;
    private final Header header;

    VerifiedHeader(long height, Digest blockHash, Header header) {
        this.height = height;
        this.blockHash = blockHash;
        this.header = header;
    }

    public long height() {
        return height;
    }

    public Digest blockHash() {
        return blockHash;
    }

    public Header header() {
        return header;
    }
}
