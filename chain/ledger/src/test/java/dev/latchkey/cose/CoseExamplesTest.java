package dev.latchkey.cose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborProfile;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.vectors.Vectors;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the COSE working group, as far as they use P-256: signatures and key agreement. */
class CoseExamplesTest {
    private static final Bytes SIGN1_TAG = Bytes.fromHex("d2");
    private static final Bytes EMPTY_MAP = Bytes.fromHex("a0");

    private final EcVerifier plain = new BouncyEcVerifier();

    @Test
    void signsWhatTheWorkingGroupSigns() throws Exception {
        Example example = Example.read("cose/ecdsa-examples/ecdsa-sig-01.json");
        CoseSign1 message = example.message();
        assertThat(message.toBeSigned(Bytes.EMPTY)).isEqualTo(example.toBeSigned());
        assertThat(message.verifiedBy(example.key().publicKey(), Bytes.EMPTY, plain))
                .isTrue();
    }

    /** RFC 6979 gives one signature; the published one has the high s of the two that verify. */
    @Test
    void theDeterministicSignatureIsThePublishedOneWithALowS() throws Exception {
        Example example = Example.read("cose/ecdsa-examples/ecdsa-sig-01.json");
        Bytes published = example.message().signature();
        Bytes ours = example.key().sign(example.toBeSigned());
        assertThat(ours.slice(0, 32)).isEqualTo(published.slice(0, 32));
        assertThat(P256.integer(ours.slice(32, 64))).isEqualTo(P256.N.subtract(P256.integer(published.slice(32, 64))));
        CoseKey key = example.key().publicKey();
        assertThat(StrictEcVerifier.bouncy().verify(key, example.toBeSigned(), ours))
                .isTrue();
        assertThat(StrictEcVerifier.bouncy().verify(key, example.toBeSigned(), published))
                .isFalse();
    }

    @Test
    void judgesMessagesAsPublished() throws Exception {
        for (String name : List.of("sign-pass-01", "sign-pass-02")) {
            Example example = Example.read("cose/sign1-tests/" + name + ".json");
            assertThat(example.message().toBeSigned(example.externalAad()))
                    .as(name)
                    .isEqualTo(example.toBeSigned());
            assertThat(example.message().verifiedBy(example.key().publicKey(), example.externalAad(), plain))
                    .as(name)
                    .isTrue();
        }
        Example changed = Example.read("cose/sign1-tests/sign-fail-02.json");
        assertThat(changed.message().verifiedBy(changed.key().publicKey(), changed.externalAad(), plain))
                .isFalse();
    }

    @Test
    void agreesOnThePublishedSecret() throws Exception {
        Map<String, Object> json = Vectors.object(Vectors.at("cose/ecdh-direct-examples/p256-hkdf-256-01.json"));
        Map<String, Object> enveloped =
                Vectors.asObject(Vectors.asObject(json.get("input")).get("enveloped"));
        Map<String, Object> recipient =
                Vectors.asObject(Vectors.asArray(enveloped.get("recipients")).get(0));
        Map<String, Object> intermediate = Vectors.asObject(
                Vectors.asArray(Vectors.asObject(json.get("intermediates")).get("recipients"))
                        .get(0));
        KeyPair key =
                KeyPair.fromScalar(base64(Vectors.asObject(recipient.get("key")).get("d")));
        Bytes message =
                Bytes.fromHex((String) Vectors.asObject(json.get("output")).get("cbor"));
        Bytes secret = Bytes.fromHex((String) intermediate.get("Secret_hex"));
        assertThat(key.agree(ephemeralKey(message))).isEqualTo(secret);
    }

    /** The ephemeral key {@code {1: 2, -1: 1, -2: x, -3: y}} in a COSE_Encrypt under tag 96. */
    private static CoseKey ephemeralKey(Bytes message) throws MalformedCborException, MalformedKeyException {
        List<Item> encrypt = Cbor.decode(message.slice(2, message.size()), 1024, CborProfile.BOUNDED)
                .asArray(4);
        Map<Item, Item> unprotected =
                encrypt.get(3).asArray(1).get(0).asArray().get(1).asMap();
        Map<Item, Item> key = unprotected.get(Cbor.integer(-1)).asMap();
        Bytes x = key.get(Cbor.integer(-2)).asBytes(32);
        Bytes y = key.get(Cbor.integer(-3)).asBytes(32);
        return CoseKey.fromUncompressed(Bytes.concat(Bytes.of((byte) 4), x, y));
    }

    private static Bytes base64(Object text) {
        return Bytes.wrap(Base64.getUrlDecoder().decode((String) text));
    }

    private record Example(Map<String, Object> json, Map<String, Object> sign0) {
        static Example read(String name) {
            Map<String, Object> json = Vectors.object(Vectors.at(name));
            return new Example(
                    json, Vectors.asObject(Vectors.asObject(json.get("input")).get("sign0")));
        }

        KeyPair key() throws MalformedKeyException {
            return KeyPair.fromScalar(base64(Vectors.asObject(sign0.get("key")).get("d")));
        }

        Bytes externalAad() {
            return Bytes.fromHex((String) sign0.getOrDefault("external", ""));
        }

        Bytes toBeSigned() {
            return Bytes.fromHex(
                    (String) Vectors.asObject(json.get("intermediates")).get("ToBeSign_hex"));
        }

        /** The message without its tag and its unprotected bucket, neither of which our own reader lets pass. */
        CoseSign1 message() throws MalformedCborException {
            Bytes encoded =
                    Bytes.fromHex((String) Vectors.asObject(json.get("output")).get("cbor"));
            assertThat(encoded.startsWith(SIGN1_TAG)).isTrue();
            List<Item> parts =
                    Cbor.decode(encoded.slice(1, encoded.size()), 1024).asArray(4);
            Bytes header = parts.get(0).asBytes();
            return new CoseSign1(
                    header.equals(EMPTY_MAP) ? Bytes.EMPTY : header,
                    parts.get(2).asBytes(),
                    parts.get(3).asBytes());
        }
    }
}
