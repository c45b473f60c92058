package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** Keys and certificates as the command lines of other stacks take them (RFC 7468). */
final class Pem {
    private Pem() {}

    /** PKCS#8 (RFC 5958). */
    static String privateKey(KeyPair key) {
        return block(
                "PRIVATE KEY",
                Bytes.concat(
                        Bytes.fromHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"),
                        key.scalar(),
                        Bytes.fromHex("a144034200"),
                        key.publicKey().uncompressed()));
    }

    /** SubjectPublicKeyInfo (RFC 5280). */
    static String publicKey(KeyPair key) {
        return block(
                "PUBLIC KEY",
                Bytes.concat(
                        Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
                        key.publicKey().uncompressed()));
    }

    static String certificate(X509Certificate certificate) throws CertificateEncodingException {
        return block("CERTIFICATE", Bytes.wrap(certificate.getEncoded()));
    }

    private static String block(String label, Bytes der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toArray());
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
