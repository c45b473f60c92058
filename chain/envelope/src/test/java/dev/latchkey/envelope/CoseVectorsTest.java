package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.vectors.Vectors;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the COSE working group: what they share with our profile is computed by the profile's own code. */
class CoseVectorsTest {
    private static final Bytes PLAINTEXT = Bytes.utf8("This is the content.");

    private static Bytes base64Url(Vectors vector) {
        return Bytes.wrap(Base64.getUrlDecoder().decode(vector.text()));
    }

    /** The ciphertext is the last byte string of an untagged or tagged COSE_Encrypt0. */
    private static Bytes ciphertext(Bytes message) {
        return message.slice(message.size() - 28, message.size());
    }

    @ParameterizedTest
    @CsvSource({
        "aes-ccm-examples/aes-ccm-enc-01, 89F52F65A1C580933B5261A72F",
        "RFC8152/Appendix_C_4_1, 89F52F65A1C580933B5261A78C",
        "RFC8152/Appendix_C_4_2, 89F52F65A1C5809300000061A7"
    })
    void aesCcmGivesThePublishedCiphertext(String file, String nonce) throws Exception {
        Vectors vector = Vectors.json("cose/" + file + ".json");
        byte[] key = vector.at("intermediates", "CEK_hex").hex().toArray();
        byte[] aad = vector.at("intermediates", "AAD_hex").hex().toArray();
        byte[] iv = Bytes.fromHex(nonce).toArray();
        Bytes expected = ciphertext(vector.at("output", "cbor").hex());
        assertThat(Bytes.wrap(AesCcm.seal(key, iv, aad, PLAINTEXT.toArray()))).isEqualTo(expected);
        assertThat(AesCcm.open(key, iv, aad, expected.toArray()))
                .hasValueSatisfying(plaintext -> assertThat(plaintext).isEqualTo(PLAINTEXT.toArray()));
    }

    @Test
    void aPartialIvIsLaidOverTheIv() throws Exception {
        Vectors vector = Vectors.json("cose/RFC8152/Appendix_C_4_2.json");
        Bytes whole = vector.at("input", "encrypted", "unsent", "IV_hex").hex();
        Secret context = Secret.copyOf(Bytes.fromHex("89f52f65a1c580930000000000"));
        assertThat(Bytes.wrap(Derivation.nonce(context, 0x61a7))).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256-wrap-128-01", "p256-wrap-128-02"})
    void agreementDerivationAndUnwrappingGiveThePublishedKeys(String file) throws Exception {
        Vectors vector = Vectors.json("cose/ecdh-wrap-examples/" + file + ".json");
        Vectors key = vector.at("input", "enveloped", "recipients", 0, "key");
        KeyPair recipient = KeyPair.fromScalar(base64Url(key.at("d")));
        Bytes message = vector.at("output", "cbor").hex();
        Bytes agreed = recipient.agree(ephemeral(message));
        Vectors intermediates = vector.at("intermediates", "recipients", 0);
        assertThat(agreed).isEqualTo(intermediates.at("Secret_hex").hex());
        Secret wrapping = Derivation.keyEncryptionKey(
                Secret.copyOf(agreed), intermediates.at("Context_hex").hex());
        assertThat(wrapping.reveal()).isEqualTo(intermediates.at("KEK_hex").hex());
        Bytes contentKey = vector.at("intermediates", "CEK_hex").hex();
        Bytes wrapped = message.slice(message.size() - contentKey.size() - 8, message.size());
        assertThat(KeyWrap.unwrap(wrapping, wrapped).orElseThrow().reveal()).isEqualTo(contentKey);
        assertThat(KeyWrap.wrap(wrapping, Secret.copyOf(contentKey))).isEqualTo(wrapped);
    }

    @Test
    void ourContextsAreThoseOfTheExamplesWithPartiesAndOtherFilledIn() throws Exception {
        Vectors vector = Vectors.json("cose/ecdh-wrap-examples/p256-wrap-128-01.json");
        Bytes published =
                vector.at("intermediates", "recipients", 0, "Context_hex").hex();
        assertThat(published)
                .isEqualTo(Cbor.encode(Derivation.keyWrapContext(
                        Cbor.NULL, Cbor.NULL, Cbor.array(Cbor.uint(128), Cbor.bytes(Derivation.RECIPIENT_PROTECTED)))));
    }

    @Test
    void directAgreementGivesThePublishedContentKey() throws Exception {
        Vectors vector = Vectors.json("cose/ecdh-direct-examples/p256-hkdf-256-01.json");
        Vectors intermediates = vector.at("intermediates", "recipients", 0);
        Vectors key = vector.at("input", "enveloped", "recipients", 0, "key");
        Bytes agreed = KeyPair.fromScalar(base64Url(key.at("d")))
                .agree(ephemeral(vector.at("output", "cbor").hex()));
        assertThat(agreed).isEqualTo(intermediates.at("Secret_hex").hex());
        Bytes contentKey =
                Hkdf.sha256(agreed, Bytes.EMPTY, intermediates.at("Context_hex").hex(), 16);
        assertThat(contentKey).isEqualTo(vector.at("intermediates", "CEK_hex").hex());
    }

    @Test
    void aTamperedCiphertextOrTagDoesNotOpen() {
        byte[] key = new byte[16];
        byte[] nonce = new byte[13];
        byte[] aad = {1, 2, 3};
        byte[] sealed = AesCcm.seal(key, nonce, aad, PLAINTEXT.toArray());
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(AesCcm.open(key, nonce, aad, flipped)).isEmpty();
        }
        assertThat(AesCcm.open(key, nonce, new byte[] {1, 2}, sealed)).isEmpty();
        assertThat(AesCcm.open(key, nonce, aad, new byte[7])).isEmpty();
    }

    /** The examples carry the ephemeral key with both coordinates: {@code -2: bstr, -3: bstr}. */
    private static CoseKey ephemeral(Bytes message) throws Exception {
        String hex = message.toHex();
        int x = hex.indexOf("215820") + 6;
        int y = hex.indexOf("225820", x) + 6;
        return CoseKey.fromUncompressed(Bytes.fromHex("04" + hex.substring(x, x + 64) + hex.substring(y, y + 64)));
    }
}
