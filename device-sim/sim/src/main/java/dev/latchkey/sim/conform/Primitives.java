package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.envelope.EnvelopeAlgorithms;
import dev.latchkey.host.EcProviders;
import java.util.Optional;

/** Signatures, key agreement, key derivation and the cipher of readings, each by itself. Stateless. */
final class Primitives {
    private static final int SCALAR_BYTES = 32;

    /** Of AES-CCM-16-64-128: another length must not be made up for by the ciphertext's. */
    private static final int TAG_BYTES = 8;

    private Primitives() {}

    static Answer ecdsa(Case given) throws MalformedCaseException, MalformedKeyException {
        CoseKey key = CoseKey.fromUncompressed(given.bytes("pub"));
        return Answer.of(EcProviders.plainVerifier().verify(key, given.bytes("msg"), given.bytes("sig")));
    }

    static Answer ecdh(Case given) throws MalformedCaseException, MalformedKeyException {
        KeyPair own = KeyPair.fromScalar(scalar(given.bytes("priv")));
        return Answer.of(own.agree(CoseKey.fromSec1(given.bytes("pub"))));
    }

    static Answer hkdf(Case given) throws MalformedCaseException {
        long size = given.unsigned("size");
        Bytes keyMaterial = given.bytes("ikm");
        Bytes salt = given.bytes("salt");
        Bytes info = given.bytes("info");
        return size < 1 || size > Hkdf.MAX_SIZE
                ? Answer.REJECT
                : Answer.of(Hkdf.sha256(keyMaterial, salt, info, (int) size));
    }

    static Answer aesCcm(Case given) throws MalformedCaseException {
        Optional<Bytes> tag = Optional.of(given.bytes("tag")).filter(bytes -> bytes.size() == TAG_BYTES);
        Bytes key = given.bytes("key");
        Bytes nonce = given.bytes("nonce");
        Bytes aad = given.bytes("aad");
        Bytes ciphertext = given.bytes("ct");
        return Answer.of(
                tag.flatMap(bytes -> EnvelopeAlgorithms.openAesCcm(key, nonce, aad, Bytes.concat(ciphertext, bytes))));
    }

    /** Suites write the scalar as a number of any length, some with a zero in front that keeps it positive. */
    private static Bytes scalar(Bytes number) throws MalformedKeyException {
        int from = 0;
        while (from < number.size() && number.get(from) == 0) {
            from++;
        }
        Bytes shortest = number.slice(from, number.size());
        if (shortest.size() >= SCALAR_BYTES) {
            return shortest;
        }
        return Bytes.concat(Bytes.wrap(new byte[SCALAR_BYTES - shortest.size()]), shortest);
    }
}
