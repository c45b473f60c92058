package dev.latchkey.envelope;

import dev.latchkey.bytes.Digest;
import java.util.List;

/** A digest whose signature was checked; only {@link SignedDigest#verifiedBy} makes one. Immutable. */
public final class VerifiedDigest {
    private final Digest sessionId;
    private final List<PartialIvRange> ranges;
    private final Digest chainEnd;

    VerifiedDigest(Digest sessionId, List<PartialIvRange> ranges, Digest chainEnd) {
        this.sessionId = sessionId;
        this.ranges = ranges;
        this.chainEnd = chainEnd;
    }

    public Digest sessionId() {
        return sessionId;
    }

    /** The readings that a gateway acknowledged to their sender. */
    public List<PartialIvRange> ranges() {
        return ranges;
    }

    Digest chainEnd() {
        return chainEnd;
    }
}
