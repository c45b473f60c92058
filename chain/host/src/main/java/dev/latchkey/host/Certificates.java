package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1EncodableVector;
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

/**
 * X.509 certificates (RFC 5280) that say nothing but a key: TLS wants one, and whoever reads ours looks only at the key.
 * Stateless.
 */
final class Certificates {
    private static final AlgorithmIdentifier ECDSA_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    /** A date in every machine's past, and "no well-defined expiration" (RFC 5280, section 4.1.2.5). */
    private static final Time SINCE = new Time(new ASN1GeneralizedTime("20200101000000Z"));

    private static final Time FOREVER = new Time(new ASN1GeneralizedTime("99991231235959Z"));
    private static final int SERIAL_BYTES = 16;

    private Certificates() {}

    /** The self-signed certificate of a key in DER; the same key with the same signer always has the same one. */
    static Bytes selfSigned(Signer signer) {
        Bytes info = JcaKeys.subjectPublicKeyInfo(signer.publicKey());
        X500Name name = new X500Name("CN=" + signer.publicKey().kid());
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial(info)));
        generator.setSignature(ECDSA_SHA256);
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(SINCE);
        generator.setEndDate(FOREVER);
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(info.toArray()));
        TBSCertificate body = generator.generateTBSCertificate();
        try {
            Bytes toBeSigned = Bytes.wrap(body.getEncoded(ASN1Encoding.DER));
            ASN1EncodableVector certificate = new ASN1EncodableVector();
            certificate.add(body);
            certificate.add(ECDSA_SHA256);
            certificate.add(new DERBitString(der(signer.sign(toBeSigned))));
            return Bytes.wrap(new DERSequence(certificate).getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing here does I/O
        }
    }

    private static BigInteger serial(Bytes info) {
        byte[] hash = Digest.sha256(info).bytes().slice(0, SERIAL_BYTES).toArray();
        hash[0] &= 0x7f;
        hash[0] |= 0x40;
        return new BigInteger(hash);
    }

    /** r and s as X.509 has them, a sequence of two integers (RFC 3279, section 2.2.3). */
    private static byte[] der(Bytes signature) throws IOException {
        int half = signature.size() / 2;
        ASN1EncodableVector both = new ASN1EncodableVector();
        both.add(new ASN1Integer(new BigInteger(1, signature.slice(0, half).toArray())));
        both.add(new ASN1Integer(
                new BigInteger(1, signature.slice(half, signature.size()).toArray())));
        return new DERSequence(both).getEncoded(ASN1Encoding.DER);
    }
}
