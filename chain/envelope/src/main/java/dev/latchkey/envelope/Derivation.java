package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyId;

/**
 * Every key of a session, each from a COSE_KDF_Context (RFC 9053, section 5.2): AlgorithmID, PartyUInfo, PartyVInfo,
 * SuppPubInfo. A PartyInfo always has its three elements, an absent one is nil; an identity is a byte string; an empty
 * protected bucket is {@code h''}; a key length is in bits.
 */
final class Derivation {
    /** A128KW, the algorithm that the agreed key is for; not -29, the agreement's own number. */
    private static final long A128KW = -3;

    static final long ECDH_ES_A128KW = -29;
    static final long AES_CCM_16_64_128 = 10;

    /** "IV-GENERATION" in IANA's registry of COSE algorithms (RFC 9053, section 5.1). */
    private static final long IV_GENERATION = 34;

    /** {@code << {1: -29} >>}. */
    static final Bytes RECIPIENT_PROTECTED = Cbor.encode(Cbor.map(Cbor.uint(1), Cbor.integer(ECDH_ES_A128KW)));

    private static final Bytes KEY_LABEL = Bytes.utf8("latchkey/1 key");
    private static final Bytes CHAIN_LABEL = Bytes.utf8("latchkey/1 chain");
    private static final int CHAIN_SIZE = 32;
    private static final int KEY_BITS = 128;
    private static final int CHAIN_BITS = 256;
    private static final int IV_BITS = 104;

    private Derivation() {}

    /** The key-encryption key of one recipient from the agreed x coordinate, which is erased. */
    static Secret keyEncryptionKey(Secret agreed, String sender, String recipient, ChainContext context) {
        Item info = keyWrapContext(
                Cbor.bytes(Bytes.utf8(sender)),
                Cbor.bytes(Bytes.utf8(recipient)),
                Cbor.array(Cbor.uint(KEY_BITS), Cbor.bytes(RECIPIENT_PROTECTED), Cbor.bytes(context.encoded())));
        return keyEncryptionKey(agreed, Cbor.encode(info));
    }

    /** The same with a context given in full; the door through which published examples are checked. */
    static Secret keyEncryptionKey(Secret agreed, Bytes info) {
        try {
            return expand(agreed, Bytes.EMPTY, info, AesCcm.KEY_SIZE);
        } finally {
            agreed.erase();
        }
    }

    /** C_0 and the IV of one sender of a session. The secret is left for the caller to erase. */
    static SenderSecrets senderSecrets(Secret sessionSecret, Digest sessionId, KeyId sender, ChainContext context) {
        Bytes other = Cbor.encode(Cbor.array(Cbor.text("latchkey/1/reading"), Cbor.bytes(context.encoded())));
        Secret chain = expand(
                sessionSecret,
                sessionId.bytes(),
                Cbor.encode(context(AES_CCM_16_64_128, sender.value(), supplementary(CHAIN_BITS, other))),
                CHAIN_SIZE);
        Secret iv = expand(
                sessionSecret,
                sessionId.bytes(),
                Cbor.encode(context(IV_GENERATION, sender.value(), supplementary(IV_BITS, other))),
                AesCcm.NONCE_SIZE);
        return new SenderSecrets(chain, iv);
    }

    /** K_e from C_e. */
    static Secret epochKey(Secret chain) {
        return Secret.copyOf(Hkdf.expand(chain.reveal(), KEY_LABEL, AesCcm.KEY_SIZE));
    }

    /** C_(e+1) from C_e, which is left for the caller to erase. */
    static Secret nextChain(Secret chain) {
        return Secret.copyOf(Hkdf.expand(chain.reveal(), CHAIN_LABEL, CHAIN_SIZE));
    }

    /** The IV with the Partial IV, as long as the IV, laid over it (RFC 9052, section 3.1). */
    static byte[] nonce(Secret iv, int partialIv) {
        byte[] nonce = iv.array().clone();
        nonce[AesCcm.NONCE_SIZE - 2] ^= (byte) (partialIv >> 8);
        nonce[AesCcm.NONCE_SIZE - 1] ^= (byte) partialIv;
        return nonce;
    }

    private static Secret expand(Secret secret, Bytes salt, Bytes info, int size) {
        return Secret.copyOf(Hkdf.sha256(secret.reveal(), salt, info, size));
    }

    private static Item supplementary(int bits, Bytes other) {
        return Cbor.array(Cbor.uint(bits), Cbor.bytes(Bytes.EMPTY), Cbor.bytes(other));
    }

    static Item keyWrapContext(Item sender, Item recipient, Item supplementary) {
        return Cbor.array(Cbor.integer(A128KW), party(sender), party(recipient), supplementary);
    }

    private static Item context(long algorithm, Bytes sender, Item supplementary) {
        return Cbor.array(Cbor.integer(algorithm), party(Cbor.bytes(sender)), party(Cbor.NULL), supplementary);
    }

    private static Item party(Item identity) {
        return Cbor.array(identity, Cbor.NULL, Cbor.NULL);
    }
}
