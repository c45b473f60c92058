package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.Hkdf;
import org.junit.jupiter.api.Test;

/** The contexts, written out by hand: here a mistake would make an implementation that agrees only with itself. */
class DerivationTest {
    private static final String CTX = Town.CONTEXT.encoded().toHex();
    private final Town town = new Town();

    private static String bstr(String hex) {
        return Cbor.encode(Cbor.bytes(Bytes.fromHex(hex))).toHex();
    }

    @Test
    void theContextNamesChainHeightAndBlock() {
        String expected = "84" + "6a" + Bytes.utf8("latchkey/1").toHex() + "5820"
                + Town.CONTEXT.chain().toHex() + "1a000f4240" + "5820"
                + Town.CONTEXT.blockHash().toHex();
        assertThat(CTX).isEqualTo(expected);
    }

    /** -3 and not -29; both parties byte strings with three elements; 128 bits; the protected bucket as sent. */
    @Test
    void theKeyEncryptionContextIsAsWritten() {
        Bytes agreed = Bytes.wrap(new byte[32]);
        String info = "84" + "22" + "8343616e6ef6f6" + "8343626f62f6f6" + "83" + "1880" + "44a101381c" + bstr(CTX);
        assertThat(Derivation.keyEncryptionKey(Secret.copyOf(agreed), "ann", "bob", Town.CONTEXT)
                        .reveal())
                .isEqualTo(Hkdf.sha256(agreed, Bytes.EMPTY, Bytes.fromHex(info), 16));
    }

    /** An empty protected bucket is h'', the absent recipient three nils, lengths are in bits. */
    @Test
    void theSenderContextsAreAsWritten() {
        Bytes secret = Bytes.wrap(new byte[16]);
        Digest id = Digest.sha256(Bytes.utf8("session"));
        var kid = town.annSig.publicKey().kid();
        String other = bstr("82" + "72" + Bytes.utf8("latchkey/1/reading").toHex() + bstr(CTX));
        String parties = "83" + "48" + kid.value().toHex() + "f6f6" + "83f6f6f6";
        SenderSecrets secrets = Derivation.senderSecrets(Secret.copyOf(secret), id, kid, Town.CONTEXT);
        assertThat(secrets.chain().reveal())
                .isEqualTo(Hkdf.sha256(
                        secret, id.bytes(), Bytes.fromHex("84" + "0a" + parties + "83" + "190100" + "40" + other), 32));
        assertThat(secrets.iv().reveal())
                .isEqualTo(Hkdf.sha256(
                        secret, id.bytes(), Bytes.fromHex("84" + "1822" + parties + "83" + "1868" + "40" + other), 13));
    }

    @Test
    void epochKeysAndChainKeysAreExpandedApart() {
        Bytes chain = Bytes.wrap(new byte[32]);
        assertThat(Derivation.epochKey(Secret.copyOf(chain)).reveal())
                .isEqualTo(Hkdf.expand(chain, Bytes.utf8("latchkey/1 key"), 16));
        assertThat(Derivation.nextChain(Secret.copyOf(chain)).reveal())
                .isEqualTo(Hkdf.expand(chain, Bytes.utf8("latchkey/1 chain"), 32));
    }

    @Test
    void readingsAuthenticateAlgorithmAndSession() {
        Digest id = Digest.sha256(Bytes.utf8("session"));
        String aad = "82" + "0a" + "5820" + id.toHex();
        String expected = "83" + "68" + Bytes.utf8("Encrypt0").toHex() + "40" + bstr(aad);
        assertThat(Bytes.wrap(ReadingHead.encStructure(id))).isEqualTo(Bytes.fromHex(expected));
    }

    @Test
    void theAgreedCoordinateIsErased() {
        Secret agreed = Secret.copyOf(Bytes.wrap(new byte[32]));
        Derivation.keyEncryptionKey(agreed, "ann", "bob", Town.CONTEXT);
        assertThat(agreed.isErased()).isTrue();
    }
}
