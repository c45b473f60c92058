package dev.latchkey.cloud;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates that Latchkey never makes, and TLS clients that show them. Stateless. */
final class OddCertificates {
    static final String LONG_AGO = "20010101000000Z";
    static final String LONG_OVER = "20020101000000Z";
    static final String TO_COME = "99980101000000Z";
    static final String FOREVER = "99991231235959Z";

    private static final String ALIAS = "own";

    private OddCertificates() {}

    /** A pair of the platform's keys: a curve, or RSA. */
    static java.security.KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.equals("RSA") ? "RSA" : "EC");
        if (curve.equals("RSA")) {
            generator.initialize(2_048);
        } else {
            generator.initialize(new ECGenParameterSpec(curve));
        }
        return generator.generateKeyPair();
    }

    /** A chain key as the platform has it. */
    static java.security.KeyPair pair(KeyPair key) {
        X509KeyManager manager = (X509KeyManager) PinnedTls.keyManager(key);
        String alias = manager.getClientAliases("EC", null)[0];
        return new java.security.KeyPair(
                manager.getCertificateChain(alias)[0].getPublicKey(), manager.getPrivateKey(alias));
    }

    /** A certificate of a key, by an issuer, good between two moments. */
    static X509Certificate of(PublicKey key, PrivateKey issuer, String from, String until) throws Exception {
        boolean rsa = issuer.getAlgorithm().equals("RSA");
        AlgorithmIdentifier algorithm = rsa
                ? new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE)
                : new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        X500Name name = new X500Name("CN=odd");
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
        generator.setSignature(algorithm);
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(new Time(new ASN1GeneralizedTime(from)));
        generator.setEndDate(new Time(new ASN1GeneralizedTime(until)));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
        TBSCertificate body = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(issuer);
        signature.update(body.getEncoded(ASN1Encoding.DER));
        ASN1EncodableVector parts = new ASN1EncodableVector();
        parts.add(body);
        parts.add(algorithm);
        parts.add(new DERBitString(signature.sign()));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(new DERSequence(parts).getEncoded(ASN1Encoding.DER)));
    }

    /** A client that shows these certificates, whatever the server asks for, and signs with this key. */
    static SSLContext client(PrivateKey key, X509Certificate... chain) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        TrustManager any = Anybody.trust();
        context.init(new X509ExtendedKeyManager[] {new Shown(key, chain)}, new TrustManager[] {any}, null);
        return context;
    }

    private static final class Shown extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        Shown(PrivateKey key, X509Certificate... chain) {
            this.key = key;
            this.chain = chain.clone();
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
