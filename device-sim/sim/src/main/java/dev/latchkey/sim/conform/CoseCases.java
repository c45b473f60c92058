package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.envelope.EnvelopeAlgorithms;
import dev.latchkey.host.EcProviders;
import dev.latchkey.sim.conform.CoseLayer.Structure;
import java.util.List;
import java.util.Optional;

/** Whole COSE messages: COSE_Sign1, COSE_Encrypt0 and COSE_Encrypt (RFC 9052, sections 4.2, 5.2 and 5.1). Stateless. */
final class CoseCases {
    /** ES256 (RFC 9053, section 2.1), which on P-256 is what ESP256 is. */
    private static final long ES256 = -7;

    private static final long DIRECT = -6;
    private static final long ECDH_ES_HKDF_256 = -25;
    private static final long ECDH_ES_A128KW = -29;
    private static final long A128KW = -3;
    private static final int A128KW_KEY_BYTES = 16;

    /** As many as an opener has; others have fewer. */
    private static final int MAX_RECIPIENTS = 16;

    private CoseCases() {}

    static Answer sign1(Case given)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException, MalformedKeyException {
        CoseKey key = publicKey(given);
        CoseLayer message = CoseLayer.read(given.bytes("message"), Structure.SIGN1);
        long algorithm = message.headers().algorithm();
        if (algorithm != ES256 && algorithm != Headers.ESP256) {
            throw new MalformedCoseException("an algorithm of signatures that is not supported");
        }
        CoseSign1 signed = new CoseSign1(
                message.headers().protectedBytes(),
                message.body(),
                message.content().get(1).asBytes());
        return Answer.of(signed.verifiedBy(key, externalAad(given), EcProviders.plainVerifier()));
    }

    static Answer encrypt0(Case given) throws MalformedCaseException, MalformedCborException, MalformedCoseException {
        CoseLayer message = CoseLayer.read(given.bytes("message"), Structure.ENCRYPT0);
        return Answer.of(open(message, "Encrypt0", given, given.bytes("k")));
    }

    static Answer encrypt(Case given)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException, MalformedKeyException {
        CoseLayer message = CoseLayer.read(given.bytes("message"), Structure.ENCRYPT);
        ContentAlgorithm content = ContentAlgorithm.numbered(message.headers().algorithm());
        List<Item> recipients = message.content().get(1).asArray(1, MAX_RECIPIENTS);
        boolean alone = recipients.size() == 1;
        for (Item item : recipients) {
            Optional<Bytes> key = contentKey(CoseLayer.recipient(item), alone, content, given);
            Optional<Bytes> plaintext = Optional.empty();
            if (key.isPresent()) {
                plaintext = open(message, "Encrypt", given, key.get());
            }
            if (plaintext.isPresent()) {
                return Answer.of(plaintext);
            }
        }
        return Answer.REJECT;
    }

    private static Optional<Bytes> open(CoseLayer message, String context, Case given, Bytes key)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException {
        ContentAlgorithm algorithm = ContentAlgorithm.numbered(message.headers().algorithm());
        Bytes nonce = MessageNonce.of(message.headers(), given, algorithm.nonceBytes());
        return algorithm.open(key, nonce, message.encStructure(context, externalAad(given)), message.body());
    }

    /**
     * The content key that a recipient's layer gives to who has the key of the case; nothing if the layer is for
     * another kind of key or does not unwrap.
     */
    private static Optional<Bytes> contentKey(CoseLayer recipient, boolean alone, ContentAlgorithm content, Case given)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException, MalformedKeyException {
        CoseHeaders headers = recipient.headers();
        long algorithm = headers.algorithm();
        if (algorithm == DIRECT && given.has("k")) {
            // RFC 9053, section 6.1.1: nothing in the protected bucket.
            requireDirect(recipient, alone && headers.protectedBytes().isEmpty());
            return Optional.of(given.bytes("k"));
        }
        if (algorithm == ECDH_ES_HKDF_256 && given.has("d")) {
            requireDirect(recipient, alone);
            return Optional.of(KeyAgreement.derive(ownKey(given), headers, content.number(), content.keyBytes()));
        }
        if (algorithm == ECDH_ES_A128KW && given.has("d") && KeyAgreement.isOnP256(headers)) {
            Bytes wrapping = KeyAgreement.derive(ownKey(given), headers, A128KW, A128KW_KEY_BYTES);
            return EnvelopeAlgorithms.unwrapA128Kw(wrapping, recipient.body());
        }
        return Optional.empty();
    }

    /** Where the content key is not wrapped, its recipient is the only one and its layer has no ciphertext. */
    private static void requireDirect(CoseLayer recipient, boolean permitted)
            throws MalformedCborException, MalformedCoseException {
        if (!permitted || !recipient.body().isEmpty()) {
            throw new MalformedCoseException("a direct recipient that is not alone or not empty");
        }
    }

    private static KeyPair ownKey(Case given) throws MalformedCaseException, MalformedKeyException {
        KeyPair own = KeyPair.fromScalar(given.bytes("d"));
        if (!own.publicKey().equals(publicKey(given))) {
            throw new MalformedCaseException("d", "not the private part of x and y");
        }
        return own;
    }

    private static CoseKey publicKey(Case given) throws MalformedCaseException, MalformedKeyException {
        return CoseKey.fromUncompressed(Bytes.concat(Bytes.of((byte) 4), given.bytes("x"), given.bytes("y")));
    }

    /** What is not supplied is empty (RFC 9052, section 4.3). */
    private static Bytes externalAad(Case given) throws MalformedCaseException {
        return given.optionalBytes("external_aad").orElse(Bytes.EMPTY);
    }
}
