package dev.latchkey.host;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;

/** A provider that offers some services of another and hides the rest of it. Safe for use by many threads. */
final class ForwardingProvider extends Provider {
    static final String NAME = "LatchkeyEC";
    private static final long serialVersionUID = 1L;

    /** What a DTLS or TLS handshake with P-256 keys asks for. Curve parameters stay with the JDK. */
    private static final List<List<String>> SERVICES = List.of(
            List.of("KeyFactory", "EC"),
            List.of("KeyPairGenerator", "EC"),
            List.of("KeyAgreement", "ECDH"),
            List.of("Signature", "SHA256withECDSA"),
            List.of("Signature", "SHA256withECDSAinP1363Format"),
            List.of("Signature", "NONEwithECDSA"));

    ForwardingProvider(Provider target) {
        super(NAME, target.getVersionStr(), "Elliptic curves of " + target.getName());
        for (List<String> service : SERVICES) {
            Service offered = target.getService(service.get(0), service.get(1));
            if (offered == null) {
                throw new IllegalArgumentException("the provider lacks a service that a handshake needs");
            }
            putService(new Forwarded(this, offered, service.get(0), service.get(1)));
        }
    }

    private static final class Forwarded extends Service {
        private final Service target;

        Forwarded(Provider front, Service target, String type, String algorithm) {
            super(front, type, algorithm, target.getClassName(), List.of(), null);
            this.target = target;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return target.newInstance(parameter);
        }

        @Override
        public boolean supportsParameter(Object parameter) {
            return target.supportsParameter(parameter);
        }
    }
}
