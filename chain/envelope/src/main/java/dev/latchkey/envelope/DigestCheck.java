package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.envelope.Confirmation.Verdict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Holds the digests of one sender against what arrived of its readings. In a session of two nobody else has the sender's
 * keys, and only gaps are looked for; in a shared one the hash chain is checked too, over hashes of readings that are
 * held until a digest covers them. Bounded. Not for use by several threads.
 */
final class DigestCheck {
    /** Hashes of readings that no digest has covered; the oldest go first, and their digest stays unchecked. */
    private static final int MAX_LINKS = DigestLog.MAX_READINGS;

    /** Digests that wait for readings; the oldest goes first. */
    private static final int MAX_WAITING = 8;

    /** Digests of a shared session that were judged: the hashes that it takes are gone then, and each may come again. */
    private static final int MAX_SETTLED = 8;

    private final Digest sessionId;
    private final boolean shared;
    private final TreeMap<Integer, Digest> links = new TreeMap<>();
    private final List<VerifiedDigest> waiting = new ArrayList<>();
    private final Map<Digest, Verdict> settled = new LinkedHashMap<>();

    /** @param shared whether other members of the session have the sender's keys */
    DigestCheck(Digest sessionId, boolean shared) {
        this.sessionId = sessionId;
        this.shared = shared;
    }

    /** Takes a digest. */
    Confirmation check(VerifiedDigest digest, IntPredicate seen) {
        Confirmation now = judged(digest, seen);
        if (now.verdict() == Verdict.MISSING && waiting.stream().noneMatch(known -> isSame(known, digest))) {
            if (waiting.size() == MAX_WAITING) {
                waiting.remove(0);
            }
            waiting.add(digest);
        }
        return now;
    }

    private static boolean isSame(VerifiedDigest one, VerifiedDigest other) {
        return one.chainEnd().equals(other.chainEnd()) && one.ranges().equals(other.ranges());
    }

    /** Takes note of a reading; answers what became of digests that waited for nothing else. */
    List<Confirmation> arrived(int partialIv, Bytes message, IntPredicate seen) {
        if (shared) {
            if (links.size() == MAX_LINKS) {
                links.pollFirstEntry();
            }
            links.put(partialIv, ReadingChain.link(message));
        }
        List<Confirmation> settled = new ArrayList<>();
        for (Iterator<VerifiedDigest> digests = waiting.iterator(); digests.hasNext(); ) {
            Confirmation now = judged(digests.next(), seen);
            if (now.verdict() != Verdict.MISSING) {
                digests.remove();
                settled.add(now);
            }
        }
        return settled;
    }

    private Confirmation judged(VerifiedDigest digest, IntPredicate seen) {
        Verdict before = settled.get(digest.chainEnd());
        if (before != null) {
            return new Confirmation(digest.ranges(), before, List.of());
        }
        List<Integer> missing = new ArrayList<>();
        int listed = 0;
        for (PartialIvRange range : digest.ranges()) {
            listed += range.count();
            for (int partialIv = range.first(); partialIv <= range.last(); partialIv++) {
                if (!seen.test(partialIv)) {
                    missing.add(partialIv);
                }
            }
        }
        if (!missing.isEmpty()) {
            return new Confirmation(digest.ranges(), Verdict.MISSING, missing);
        }
        if (!shared) {
            return new Confirmation(digest.ranges(), Verdict.CONFIRMED, List.of());
        }
        Verdict verdict = chained(digest, listed);
        if (settled.size() == MAX_SETTLED) {
            settled.remove(settled.keySet().iterator().next());
        }
        settled.put(digest.chainEnd(), verdict);
        return new Confirmation(digest.ranges(), verdict, List.of());
    }

    private Verdict chained(VerifiedDigest digest, int listed) {
        SortedMap<Integer, Digest> held = ReadingChain.held(links, digest.ranges());
        if (held.size() < listed) {
            return Verdict.UNCHECKED;
        }
        boolean same = ReadingChain.end(sessionId, held).equals(digest.chainEnd());
        links.keySet().removeAll(held.keySet());
        return same ? Verdict.CONFIRMED : Verdict.DISPUTED;
    }

    /** {@code [shared, [* [Partial IV, hash]], [* [[+ [first, last]], chain end]], [* [chain end, verdict]]]}. */
    Item state() {
        List<Item> held = new ArrayList<>();
        links.forEach((partialIv, link) -> held.add(Cbor.array(Cbor.uint(partialIv), Cbor.bytes(link.bytes()))));
        List<Item> digests = new ArrayList<>();
        for (VerifiedDigest digest : waiting) {
            List<Item> ranges = new ArrayList<>();
            digest.ranges().forEach(range -> ranges.add(Cbor.array(Cbor.uint(range.first()), Cbor.uint(range.last()))));
            digests.add(
                    Cbor.array(Cbor.array(ranges), Cbor.bytes(digest.chainEnd().bytes())));
        }
        List<Item> judged = new ArrayList<>();
        settled.forEach(
                (end, verdict) -> judged.add(Cbor.array(Cbor.bytes(end.bytes()), Cbor.uint(verdict.ordinal()))));
        return Cbor.array(Cbor.bool(shared), Cbor.array(held), Cbor.array(digests), Cbor.array(judged));
    }

    static DigestCheck resume(Item state, Digest sessionId) throws MalformedCborException {
        List<Item> parts = state.asArray(3, 4);
        DigestCheck check = new DigestCheck(sessionId, parts.get(0).asBool());
        for (Item held : parts.get(1).asArray(0, MAX_LINKS)) {
            List<Item> link = held.asArray(2);
            check.links.put(
                    link.get(0).asUint(ReadingHead.MAX_READINGS - 1),
                    Digest.of(link.get(1).asBytes(Digest.SIZE)));
        }
        for (Item waiting : parts.get(2).asArray(0, MAX_WAITING)) {
            List<Item> digest = waiting.asArray(2);
            List<PartialIvRange> ranges = new ArrayList<>();
            for (Item range : digest.get(0).asArray(1, SignedDigest.MAX_RANGES)) {
                List<Item> ends = range.asArray(2);
                int first = ends.get(0).asUint(ReadingHead.MAX_READINGS - 1);
                int more = ends.get(1).asUint(ReadingHead.MAX_READINGS - 1) - first;
                if (more < 0) {
                    throw new MalformedCborException(MalformedCborException.Reason.OUT_OF_RANGE);
                }
                ranges.add(new PartialIvRange(first, first + more));
            }
            check.waiting.add(new VerifiedDigest(
                    sessionId, ranges, Digest.of(digest.get(1).asBytes(Digest.SIZE))));
        }
        for (Item judged : parts.size() == 4 ? parts.get(3).asArray(0, MAX_SETTLED) : List.<Item>of()) {
            List<Item> of = judged.asArray(2);
            Verdict verdict = Verdict.values()[of.get(1).asUint(Verdict.values().length - 1)];
            check.settled.put(Digest.of(of.get(0).asBytes(Digest.SIZE)), verdict);
        }
        return check;
    }
}
