package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.Signer;
import java.util.List;
import java.util.TreeMap;

/**
 * What a sender notes of the readings that a gateway has acknowledged, until it signs for them. Not for use by several
 * threads. It is not kept over a restart: readings that it held then are in no digest.
 */
public final class DigestLog {
    /** Most readings of one digest. */
    public static final int MAX_READINGS = 512;

    private final Digest sessionId;
    private final TreeMap<Integer, Digest> links = new TreeMap<>();

    public DigestLog(Digest sessionId) {
        this.sessionId = sessionId;
    }

    /** Notes a reading that a gateway took; it is full with {@link #MAX_READINGS} and passes over what comes then. */
    public void acknowledged(int partialIv, Bytes message) {
        if (links.size() < MAX_READINGS) {
            links.put(partialIv, ReadingChain.link(message));
        }
    }

    /** How many readings the next digest covers. */
    public int size() {
        return links.size();
    }

    /**
     * Signs for the readings that are noted, those with the lowest Partial IVs first if they are too scattered for one
     * digest, and begins anew with the rest.
     *
     * @return what to send, Content-Format 18
     * @throws IllegalStateException if nothing is noted
     */
    public Bytes sign(Signer sig) {
        if (links.isEmpty()) {
            throw new IllegalStateException("no reading to sign for");
        }
        List<PartialIvRange> ranges = ReadingChain.ranges(links.keySet());
        ranges = ranges.subList(0, Math.min(ranges.size(), SignedDigest.MAX_RANGES));
        int last = ranges.get(ranges.size() - 1).last();
        Bytes signed =
                SignedDigest.sign(sessionId, ranges, ReadingChain.end(sessionId, links.headMap(last, true)), sig);
        links.headMap(last, true).clear();
        return signed;
    }
}
