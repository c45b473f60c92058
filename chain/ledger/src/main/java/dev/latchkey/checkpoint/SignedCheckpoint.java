package dev.latchkey.checkpoint;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A checkpoint with signatures, as decoded: a COSE_Sign with empty external_aad, each signature's protected header {@code
 * {1: -9, 4: kid, 15: {6: seconds}}} with its own moment (CWT claim iat, RFC 9597). Nothing is verified yet. Immutable.
 */
public final class SignedCheckpoint {
    /** Longest encoded checkpoint in bytes: all replicas and all witnesses. */
    public static final int MAX_BYTES = 4_096;

    private static final int MAX_SIGNATURES = 2 * Policy.MAX_KEYS;
    private static final int CWT_CLAIMS = 15;
    private static final Item ISSUED_AT = Cbor.uint(6);

    private final CoseSign message;
    private final Checkpoint checkpoint;
    private final List<Part> parts;

    /**
     * One signature.
     *
     * @param kid the claimed signer
     * @param seconds the claimed moment, seconds since 1970
     * @param signature header and value
     */
    public record Part(KeyId kid, long seconds, CoseSign.Signature signature) {}

    private SignedCheckpoint(CoseSign message) throws MalformedCheckpointException {
        this.message = message;
        this.checkpoint = Checkpoint.decode(message.payload());
        List<Part> found = new ArrayList<>();
        for (CoseSign.Signature signature : message.signatures()) {
            Part part = part(signature);
            if (!found.isEmpty() && found.get(found.size() - 1).kid().compareTo(part.kid()) >= 0) {
                throw new MalformedCheckpointException("not a signature of a checkpoint");
            }
            found.add(part);
        }
        this.parts = List.copyOf(found);
    }

    /** A checkpoint with one signature. */
    public static SignedCheckpoint sign(Checkpoint checkpoint, Signer signer, Instant moment) {
        Item claims = Cbor.map(ISSUED_AT, Cbor.uint(moment.getEpochSecond()));
        Bytes header = Headers.signedBy(signer.publicKey().kid(), CWT_CLAIMS, claims);
        Bytes body = checkpoint.encode();
        return ofParts(body, List.of(CoseSign.sign(header, body, Bytes.EMPTY, signer)));
    }

    public static SignedCheckpoint decode(Bytes encoded) throws MalformedCheckpointException {
        try {
            return new SignedCheckpoint(CoseSign.decode(encoded, MAX_BYTES, MAX_SIGNATURES));
        } catch (MalformedCoseException e) {
            throw new MalformedCheckpointException("not a signed checkpoint", e);
        }
    }

    /**
     * This checkpoint with the signatures of another one as well; of two by one key the other's stays.
     *
     * @throws IllegalArgumentException if the other one is of another body
     */
    public SignedCheckpoint with(SignedCheckpoint other) {
        if (!message.payload().equals(other.message.payload())) {
            throw new IllegalArgumentException("two checkpoints of different heads");
        }
        TreeMap<KeyId, CoseSign.Signature> merged = new TreeMap<>();
        parts().forEach(part -> merged.put(part.kid(), part.signature()));
        other.parts().forEach(part -> merged.put(part.kid(), part.signature()));
        return ofParts(message.payload(), new ArrayList<>(merged.values()));
    }

    /** What the signatures are over. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public Bytes encode() {
        return message.encode();
    }

    /** What the signature of a part must be over. */
    public Bytes toBeSigned(Part part) {
        return CoseSign.toBeSigned(part.signature().protectedHeader(), message.payload(), Bytes.EMPTY);
    }

    /** Whether the key's holder made that signature. */
    public boolean verifiedBy(Part part, CoseKey key, EcVerifier verifier) {
        return message.verifiedBy(part.signature(), key, Bytes.EMPTY, verifier);
    }

    /** The signatures, ascending by kid. */
    public List<Part> parts() {
        return parts;
    }

    private static Part part(CoseSign.Signature signature) throws MalformedCheckpointException {
        try {
            Item claims = Headers.parameter(signature.protectedHeader(), CWT_CLAIMS);
            Item seconds = claims.asMap().get(ISSUED_AT);
            if (claims.asMap().size() != 1 || seconds == null) {
                throw new MalformedCheckpointException("not a signature of a checkpoint");
            }
            return new Part(Headers.kidBesideParameter(signature.protectedHeader()), seconds.asUint(), signature);
        } catch (MalformedCborException | MalformedCoseException e) {
            throw new MalformedCheckpointException("not a signed checkpoint", e);
        }
    }

    private static SignedCheckpoint ofParts(Bytes body, List<CoseSign.Signature> signatures) {
        try {
            return new SignedCheckpoint(new CoseSign(body, signatures));
        } catch (MalformedCheckpointException e) {
            throw new IllegalStateException("made of sound parts", e);
        }
    }
}
