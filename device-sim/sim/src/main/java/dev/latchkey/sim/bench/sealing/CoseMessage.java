package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.EnvelopeAlgorithms;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.modes.CCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A COSE_Encrypt (RFC 9052, section 5.1) to one recipient by ECDH-ES + HKDF-256 (RFC 9053, section 6.3), anew for each
 * message; alone, or in a COSE_Sign1 of the sender:
 *
 * <pre>
 * [ &lt;&lt; {1: 10} &gt;&gt;, {5: IV}, ciphertext, [ [ &lt;&lt; {1: -25} &gt;&gt;, {4: kid, -1: ephemeral COSE_Key}, h'' ] ] ]
 * </pre>
 *
 * <p>As small as plain COSE allows: the ephemeral key is compressed, the kid has 4 bytes, the tag 8. For one thread.
 */
final class CoseMessage implements Sealing {
    private static final int COSE_ENCRYPT = 96;
    private static final int AES_CCM_16_64_128 = 10;
    private static final int KEY_BYTES = 16;
    private static final int IV_BYTES = 13;
    private static final int TAG_BITS = 64;
    private static final int KID_BYTES = 4;
    private static final int MAX_BYTES = 1_024;

    private static final Item ALG = Cbor.uint(1);
    private static final Item KID = Cbor.uint(4);
    private static final Item IV = Cbor.uint(5);
    private static final Item EPHEMERAL = Cbor.integer(-1);
    private static final Bytes CONTENT_PROTECTED = Cbor.encode(Cbor.map(ALG, Cbor.uint(AES_CCM_16_64_128)));
    private static final Bytes RECIPIENT_PROTECTED = Cbor.encode(Cbor.map(ALG, Cbor.integer(-25)));
    /** Enc_structure (RFC 9052, section 5.3). */
    private static final Bytes ENC_STRUCTURE =
            Cbor.encode(Cbor.array(Cbor.text("Encrypt"), Cbor.bytes(CONTENT_PROTECTED), Cbor.bytes(Bytes.EMPTY)));

    private static final Item NOBODY = Cbor.array(Cbor.NULL, Cbor.NULL, Cbor.NULL);
    /** COSE_KDF_Context (RFC 9053, section 5.2). */
    private static final Bytes KDF_CONTEXT = Cbor.encode(Cbor.array(
            Cbor.uint(AES_CCM_16_64_128),
            NOBODY,
            NOBODY,
            Cbor.array(Cbor.uint(KEY_BYTES * Byte.SIZE), Cbor.bytes(RECIPIENT_PROTECTED))));

    private final boolean signed;
    private final SecureRandom random = new SecureRandom();
    private final KeyPair sender = KeyPair.generate(random);
    private final KeyPair recipient = KeyPair.generate(random);
    private final Bytes kid = recipient.publicKey().kid().value().slice(0, KID_BYTES);
    private final EcVerifier verifier = EcProviders.verifier();

    private CoseMessage(boolean signed) {
        this.signed = signed;
    }

    /** Whose sender is not authenticated. */
    static CoseMessage unsigned() {
        return new CoseMessage(false);
    }

    static CoseMessage signed() {
        return new CoseMessage(true);
    }

    @Override
    public String title() {
        return "COSE, ECDH-ES per message" + (signed ? ", signed" : "");
    }

    @Override
    public int contentFormat() {
        return signed ? ContentFormat.COSE_SIGN1 : COSE_ENCRYPT;
    }

    @Override
    public void prepare() {}

    @Override
    public Bytes seal() throws Exception {
        Bytes sealed = encrypted();
        return signed
                ? CoseSign1.sign(Headers.signedBy(sender.publicKey().kid()), sealed, Bytes.EMPTY, sender)
                        .encode()
                : sealed;
    }

    private Bytes encrypted() throws InvalidCipherTextException {
        KeyPair ephemeral = KeyPair.generate(random);
        Bytes key = key(ephemeral.agree(recipient.publicKey()));
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        return Cbor.encode(Cbor.array(
                Cbor.bytes(CONTENT_PROTECTED),
                Cbor.map(IV, Cbor.bytes(Bytes.of(iv))),
                Cbor.bytes(ciphertext(key, iv)),
                Cbor.array(Cbor.array(
                        Cbor.bytes(RECIPIENT_PROTECTED),
                        Cbor.map(
                                KID,
                                Cbor.bytes(kid),
                                EPHEMERAL,
                                ephemeral.publicKey().item()),
                        Cbor.bytes(Bytes.EMPTY)))));
    }

    private static Bytes key(Bytes agreed) {
        return Hkdf.sha256(agreed, Bytes.EMPTY, KDF_CONTEXT, KEY_BYTES);
    }

    private static Bytes ciphertext(Bytes key, byte[] iv) throws InvalidCipherTextException {
        CCMModeCipher ccm = CCMBlockCipher.newInstance(AESEngine.newInstance());
        ccm.init(true, new AEADParameters(new KeyParameter(key.toArray()), TAG_BITS, iv, ENC_STRUCTURE.toArray()));
        byte[] pack = SamplePack.CBOR.toArray();
        byte[] sealed = new byte[ccm.getOutputSize(pack.length)];
        int done = ccm.processBytes(pack, 0, pack.length, sealed, 0);
        ccm.doFinal(sealed, done);
        return Bytes.wrap(sealed);
    }

    @Override
    public Optional<Pack> open(Bytes message) throws Exception {
        Bytes sealed = message;
        if (signed) {
            CoseSign1 outer = CoseSign1.decode(message, MAX_BYTES);
            if (!outer.verifiedBy(sender.publicKey(), Bytes.EMPTY, verifier)) {
                throw new IllegalStateException("the signature is not the sender's");
            }
            sealed = outer.payload();
        }
        List<Item> parts = Cbor.decode(sealed, MAX_BYTES).asArray(4);
        List<Item> layer = parts.get(3).asArray(1).get(0).asArray(3);
        requireOurs(parts.get(0), layer);
        CoseKey ephemeral = CoseKey.fromItem(layer.get(1).asMap().get(EPHEMERAL));
        Optional<Bytes> plaintext = EnvelopeAlgorithms.openAesCcm(
                key(recipient.agree(ephemeral)),
                parts.get(1).asMap().get(IV).asBytes(IV_BYTES),
                ENC_STRUCTURE,
                parts.get(2).asBytes());
        return Optional.of(Pack.fromCbor(plaintext.orElseThrow()));
    }

    private void requireOurs(Item contentHeader, List<Item> layer) throws MalformedCborException {
        Map<Item, Item> unprotected = layer.get(1).asMap();
        boolean ours = contentHeader.asBytes().equals(CONTENT_PROTECTED)
                && layer.get(0).asBytes().equals(RECIPIENT_PROTECTED)
                && Cbor.bytes(kid).equals(unprotected.get(KID));
        if (!ours) {
            throw new IllegalStateException("other algorithms or another recipient");
        }
    }
}
