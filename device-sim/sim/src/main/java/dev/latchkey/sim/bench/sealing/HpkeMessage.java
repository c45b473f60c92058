package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * HPKE in base mode (RFC 9180, section 5.1.1), P-256, HKDF-SHA-256 and AES-128-GCM, by BouncyCastle, in a COSE_Encrypt0 as
 * draft-ietf-cose-hpke lays it out for its algorithm HPKE-0:
 *
 * <pre>
 * [ &lt;&lt; {1: 35} &gt;&gt;, {4: kid, -4: encapsulated key}, ciphertext ]
 * </pre>
 *
 * <p>The kid has 4 bytes. The sender is not authenticated. For one thread.
 */
final class HpkeMessage implements Sealing {
    private static final int HPKE_0 = 35;
    private static final int KID_BYTES = 4;
    private static final int MAX_BYTES = 1_024;
    private static final byte[] NO_INFO = {};

    private static final Item ALG = Cbor.uint(1);
    private static final Item KID = Cbor.uint(4);
    private static final Item ENCAPSULATED = Cbor.integer(-4);
    private static final Bytes PROTECTED = Cbor.encode(Cbor.map(ALG, Cbor.uint(HPKE_0)));
    /** Enc_structure (RFC 9052, section 5.3). */
    private static final Bytes ENC_STRUCTURE =
            Cbor.encode(Cbor.array(Cbor.text("Encrypt0"), Cbor.bytes(PROTECTED), Cbor.bytes(Bytes.EMPTY)));

    private final HPKE hpke =
            new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    private final AsymmetricCipherKeyPair recipient = hpke.generatePrivateKey();
    private final Bytes kid;

    HpkeMessage() {
        byte[] id = new byte[KID_BYTES];
        new SecureRandom().nextBytes(id);
        kid = Bytes.wrap(id);
    }

    @Override
    public String title() {
        return "HPKE base mode in COSE_Encrypt0";
    }

    @Override
    public int contentFormat() {
        return ContentFormat.COSE_ENCRYPT0;
    }

    @Override
    public void prepare() {}

    @Override
    public Bytes seal() throws Exception {
        HPKEContextWithEncapsulation context = hpke.setupBaseS(recipient.getPublic(), NO_INFO);
        byte[] ciphertext = context.seal(ENC_STRUCTURE.toArray(), SamplePack.CBOR.toArray());
        return Cbor.encode(Cbor.array(
                Cbor.bytes(PROTECTED),
                Cbor.map(KID, Cbor.bytes(kid), ENCAPSULATED, Cbor.bytes(Bytes.of(context.getEncapsulation()))),
                Cbor.bytes(Bytes.wrap(ciphertext))));
    }

    @Override
    public Optional<Pack> open(Bytes message) throws Exception {
        List<Item> parts = Cbor.decode(message, MAX_BYTES).asArray(3);
        Map<Item, Item> unprotected = parts.get(1).asMap();
        if (!parts.get(0).asBytes().equals(PROTECTED) || !Cbor.bytes(kid).equals(unprotected.get(KID))) {
            throw new IllegalStateException("another algorithm or another recipient");
        }
        byte[] encapsulated = unprotected.get(ENCAPSULATED).asBytes().toArray();
        byte[] plaintext = hpke.setupBaseR(encapsulated, recipient, NO_INFO)
                .open(ENC_STRUCTURE.toArray(), parts.get(2).asBytes().toArray());
        return Optional.of(Pack.fromCbor(Bytes.wrap(plaintext)));
    }
}
