package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates (RFC 5280) that say nothing but a key, for DTLS that has no raw ones; stateless. */
final class SelfSigned {
    private static final AlgorithmIdentifier ECDSA_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    /** A date in every machine's past, and "no well-defined expiration" (RFC 5280, section 4.1.2.5). */
    private static final Time SINCE = new Time(new ASN1GeneralizedTime("20200101000000Z"));

    private static final Time FOREVER = new Time(new ASN1GeneralizedTime("99991231235959Z"));
    private static final int SERIAL_BYTES = 16;

    private SelfSigned() {}

    /** The certificate of a P-256 key, signed with itself; a key always has the same one. */
    static X509Certificate certificate(KeyPair pair) {
        byte[] info = JceKeys.toPublic(pair.publicKey()).getEncoded();
        X500Name name = new X500Name("CN=" + pair.publicKey().kid());
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial(info)));
        generator.setSignature(ECDSA_SHA256);
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(SINCE);
        generator.setEndDate(FOREVER);
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(info));
        TBSCertificate body = generator.generateTBSCertificate();
        try {
            Bytes signature = pair.sign(Bytes.wrap(body.getEncoded(ASN1Encoding.DER)));
            byte[] certificate = sequence(body, ECDSA_SHA256, new DERBitString(der(signature)));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing here does I/O
        } catch (CertificateException e) {
            throw new IllegalStateException("every Java platform reads certificates", e);
        }
    }

    /** Positive and of the key, so that no two keys of one name have one serial number. */
    private static BigInteger serial(byte[] info) {
        byte[] hash =
                Digest.sha256(Bytes.wrap(info)).bytes().slice(0, SERIAL_BYTES).toArray();
        hash[0] &= 0x7f;
        hash[0] |= 0x40;
        return new BigInteger(hash);
    }

    /** r and s as X.509 has them, a sequence of two integers (RFC 3279, section 2.2.3). */
    private static byte[] der(Bytes signature) throws IOException {
        int half = signature.size() / 2;
        return sequence(
                new ASN1Integer(new BigInteger(1, signature.slice(0, half).toArray())),
                new ASN1Integer(new BigInteger(
                        1, signature.slice(half, signature.size()).toArray())));
    }

    private static byte[] sequence(ASN1Encodable... parts) throws IOException {
        return new DERSequence(parts).getEncoded(ASN1Encoding.DER);
    }
}
