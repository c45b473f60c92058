package dev.latchkey.sim.bench.sealing;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.senml.Pack;
import java.util.Optional;

/**
 * JWE in compact serialisation (RFC 7516, section 7.1), ECDH-ES on P-256 and A128GCM, with the least header that there is:
 * no kid, no cty. The sender is not authenticated. For one thread.
 */
final class JweMessage implements Sealing {
    /** application/octet-stream: JOSE has no Content-Format. */
    private static final int OCTETS = 42;

    private static final JWEHeader HEADER = new JWEHeader(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM);

    private final boolean json;
    private final Bytes pack;
    private final JWEEncrypter encrypter;
    private final JWEDecrypter decrypter;

    private JweMessage(boolean json) {
        this.json = json;
        this.pack = json ? SamplePack.json() : SamplePack.CBOR;
        try {
            ECKey recipient = new ECKeyGenerator(Curve.P_256).generate();
            encrypter = new ECDHEncrypter(recipient.toPublicJWK());
            decrypter = new ECDHDecrypter(recipient);
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    static JweMessage ofJson() {
        return new JweMessage(true);
    }

    static JweMessage ofCbor() {
        return new JweMessage(false);
    }

    @Override
    public String title() {
        return "JWE compact of the " + (json ? "JSON" : "CBOR") + " pack";
    }

    @Override
    public int contentFormat() {
        return OCTETS;
    }

    @Override
    public void prepare() {}

    @Override
    public Bytes seal() throws Exception {
        JWEObject message = new JWEObject(HEADER, new Payload(pack.toArray()));
        message.encrypt(encrypter);
        return Bytes.utf8(message.serialize());
    }

    @Override
    public Optional<Pack> open(Bytes message) throws Exception {
        JWEObject received = JWEObject.parse(message.toUtf8());
        received.decrypt(decrypter);
        Bytes plaintext = Bytes.wrap(received.getPayload().toBytes());
        return Optional.of(json ? Pack.fromJson(plaintext) : Pack.fromCbor(plaintext));
    }
}
