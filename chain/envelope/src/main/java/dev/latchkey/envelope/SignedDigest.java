package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member of a session signs about its own readings: which of them a gateway acknowledged, and a hash chain over
 * them. Members of a session hold each other's keys, so only this proves who of them sealed a reading; and who received
 * less than it lists knows that something was kept from him. Read, but proved by nothing yet. Immutable.
 *
 * <pre>
 * digest = [ &lt;&lt; {1: -9, 4: kid of the sender's sig key} &gt;&gt;, {}, &lt;&lt; [session id, [+ [first, last]], chain end] &gt;&gt;, signature ]
 * </pre>
 *
 * external_aad {@code << ["latchkey/1/digest"] >>}; the session id covers chain, height and block hash.
 */
public final class SignedDigest {
    /** Longest digest in bytes. */
    public static final int MAX_BYTES = 512;

    static final int MAX_RANGES = 32;

    private static final Bytes EXTERNAL_AAD = Cbor.encode(Cbor.array(Cbor.text("latchkey/1/digest")));

    private final CoseSign1 message;
    private final KeyId senderKid;
    private final Digest sessionId;
    private final List<PartialIvRange> ranges;
    private final Digest chainEnd;

    private SignedDigest(
            CoseSign1 message, KeyId senderKid, Digest sessionId, List<PartialIvRange> ranges, Digest chainEnd) {
        this.message = message;
        this.senderKid = senderKid;
        this.sessionId = sessionId;
        this.ranges = List.copyOf(ranges);
        this.chainEnd = chainEnd;
    }

    static Bytes sign(Digest sessionId, List<PartialIvRange> ranges, Digest chainEnd, Signer sig) {
        List<Item> listed = new ArrayList<>();
        ranges.forEach(range -> listed.add(Cbor.array(Cbor.uint(range.first()), Cbor.uint(range.last()))));
        Bytes payload = Cbor.encode(
                Cbor.array(Cbor.bytes(sessionId.bytes()), Cbor.array(listed), Cbor.bytes(chainEnd.bytes())));
        return CoseSign1.sign(Headers.signedBy(sig.publicKey().kid()), payload, EXTERNAL_AAD, sig)
                .encode();
    }

    /**
     * Reads a digest.
     *
     * @throws MalformedMessageException unless the bytes are the one encoding of a digest whose ranges ascend, with a gap
     *     between each two
     */
    public static SignedDigest read(Bytes encoded) throws MalformedMessageException {
        try {
            CoseSign1 message = CoseSign1.decode(encoded, MAX_BYTES);
            List<Item> parts = Cbor.decode(message.payload(), MAX_BYTES).asArray(3);
            return new SignedDigest(
                    message,
                    message.kid(),
                    Digest.of(parts.get(0).asBytes(Digest.SIZE)),
                    ranges(parts.get(1)),
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)));
        } catch (MalformedCoseException | MalformedCborException e) {
            throw new MalformedMessageException(e);
        }
    }

    private static List<PartialIvRange> ranges(Item item) throws MalformedCborException, MalformedMessageException {
        List<PartialIvRange> ranges = new ArrayList<>();
        int count = 0;
        int free = 0;
        for (Item range : item.asArray(1, MAX_RANGES)) {
            List<Item> ends = range.asArray(2);
            int first = ends.get(0).asUint(ReadingHead.MAX_READINGS - 1);
            int last = ends.get(1).asUint(ReadingHead.MAX_READINGS - 1);
            count += last - first + 1;
            if (first < free || last < first || count > DigestLog.MAX_READINGS) {
                throw new MalformedMessageException();
            }
            ranges.add(new PartialIvRange(first, last));
            free = last + 2;
        }
        return ranges;
    }

    /** The session that it is about, as it says. */
    public Digest sessionId() {
        return sessionId;
    }

    /** The key that it claims to be signed with. */
    public KeyId senderKid() {
        return senderKid;
    }

    /**
     * Checks the signature.
     *
     * @param senderSig the signing key of the member that it came from, as the uplink or the mailbox authenticates it
     * @throws RefusedMessageException if it was signed by another key, or not at all
     */
    public VerifiedDigest verifiedBy(CoseKey senderSig, EcVerifier verifier) throws RefusedMessageException {
        if (!senderKid.equals(senderSig.kid())) {
            throw new RefusedMessageException(Reason.OTHER_SENDER);
        }
        if (!message.verifiedBy(senderSig, EXTERNAL_AAD, verifier)) {
            throw new RefusedMessageException(Reason.SIGNATURE);
        }
        return new VerifiedDigest(sessionId, ranges, chainEnd);
    }
}
