package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.Vector;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsRawKeyCertificate;

/**
 * A CoAP client on another DTLS stack, BouncyCastle's, with raw public keys (RFC 7250) and connection IDs (RFC 9146); its CoAP is
 * just what a test needs, written by hand. For one thread.
 */
public final class BouncyClient implements AutoCloseable {
    /** One CoAP message, as far as tests look at it. */
    public record Message(int type, int code, int messageId, Bytes token, Optional<Integer> observe, Bytes payload) {
        public static final int CON = 0;

        /** As "2.05". */
        public String codeText() {
            return (code >> 5) + "." + String.format("%02d", code & 0x1f);
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OBSERVE = 6;
    private static final int URI_PATH = 11;
    private static final int LONGEST_MILLIS = 20_000;
    private static final int RETRANSMIT_MILLIS = 2_000;

    private final InetSocketAddress server;
    private final Keys keys;
    private final Wire wire;
    private final DTLSTransport dtls;
    private int nextId = RANDOM.nextInt(1 << 16);

    /**
     * Connects.
     *
     * @param suites cipher suites to offer, as {@link org.bouncycastle.tls.CipherSuite} numbers them
     */
    public BouncyClient(KeyPair key, CoseKey serverKey, InetSocketAddress server, int... suites) throws IOException {
        this.server = server;
        this.keys = new Keys(key, serverKey, suites);
        this.wire = new Wire();
        this.dtls = new DTLSClientProtocol().connect(keys, wire);
    }

    /** From another port from now on, as behind a NAT that forgot the old one. */
    public void rebind() throws IOException {
        wire.rebind();
    }

    /** The connection ID that the server wants in records to it; empty if none was negotiated. */
    public Bytes connectionIdToServer() {
        return keys.peerId();
    }

    /** Handshakes that were completed. */
    public int handshakes() {
        return keys.handshakes;
    }

    /** A confirmable GET, repeated until it is answered; separate responses are acknowledged. */
    public Message get(String path, boolean observe) throws IOException {
        int id = nextId++ & 0xffff;
        byte[] request = request(id, path, observe);
        long deadline = System.nanoTime() + Duration.ofMillis(LONGEST_MILLIS).toNanos();
        while (System.nanoTime() < deadline) {
            dtls.send(request, 0, request.length);
            Optional<Message> answer = receive(RETRANSMIT_MILLIS);
            if (answer.isPresent()
                    && answer.get().code() != 0
                    && answer.get().token().toHex().equals(token(id))) {
                return answer.get();
            }
        }
        throw new IOException("no answer");
    }

    /** The next message, acknowledged if it is confirmable. */
    public Optional<Message> receive(int millis) throws IOException {
        byte[] buffer = new byte[dtls.getReceiveLimit()];
        int length = dtls.receive(buffer, 0, buffer.length, millis);
        if (length < 0) {
            return Optional.empty();
        }
        Message message = parse(Arrays.copyOf(buffer, length));
        if (message.type() == Message.CON) {
            byte[] acknowledgement = {0x60, 0, (byte) (message.messageId() >> 8), (byte) message.messageId()};
            dtls.send(acknowledgement, 0, acknowledgement.length);
        }
        return Optional.of(message);
    }

    @Override
    public void close() throws IOException {
        dtls.close();
        wire.close();
    }

    private static String token(int id) {
        return String.format("%04x", id);
    }

    private static byte[] request(int id, String path, boolean observe) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x42);
        out.write(1);
        out.write(id >> 8);
        out.write(id);
        out.write(id >> 8);
        out.write(id);
        int last = 0;
        if (observe) {
            out.write(OBSERVE << 4);
            last = OBSERVE;
        }
        for (String segment : path.substring(1).split("/")) {
            byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
            out.write((URI_PATH - last) << 4 | bytes.length);
            out.writeBytes(bytes);
            last = URI_PATH;
        }
        return out.toByteArray();
    }

    private static Message parse(byte[] bytes) {
        int tokenEnd = 4 + (bytes[0] & 0xf);
        int at = tokenEnd;
        int option = 0;
        Optional<Integer> observe = Optional.empty();
        while (at < bytes.length && bytes[at] != (byte) 0xff) {
            int delta = bytes[at] >> 4 & 0xf;
            int length = bytes[at] & 0xf;
            at++;
            if (delta == 13) {
                delta = 13 + (bytes[at++] & 0xff);
            }
            if (length == 13) {
                length = 13 + (bytes[at++] & 0xff);
            }
            option += delta;
            if (option == OBSERVE) {
                observe = Optional.of(new BigInteger(1, Arrays.copyOfRange(bytes, at, at + length)).intValue());
            }
            at += length;
        }
        byte[] payload = at < bytes.length ? Arrays.copyOfRange(bytes, at + 1, bytes.length) : new byte[0];
        return new Message(
                bytes[0] >> 4 & 3,
                bytes[1] & 0xff,
                (bytes[2] & 0xff) << 8 | bytes[3] & 0xff,
                Bytes.wrap(Arrays.copyOfRange(bytes, 4, tokenEnd)),
                observe,
                Bytes.wrap(payload));
    }

    /** A UDP socket whose place another can take. */
    private final class Wire implements DatagramTransport {
        private static final int MTU = 1_400;

        private DatagramSocket socket;

        Wire() throws IOException {
            socket = open();
        }

        private static DatagramSocket open() throws IOException {
            return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        void rebind() throws IOException {
            DatagramSocket before = socket;
            socket = open();
            before.close();
        }

        @Override
        public int getReceiveLimit() {
            return MTU;
        }

        @Override
        public int getSendLimit() {
            return MTU;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            socket.setSoTimeout(Math.max(1, waitMillis));
            DatagramPacket packet = new DatagramPacket(buffer, offset, length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return -1;
            }
            return packet.getLength();
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            socket.send(new DatagramPacket(buffer, offset, length, server));
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** Who the client is, and whom it takes for the server. */
    private static final class Keys extends DefaultTlsClient {
        private static final byte[] OWN_CONNECTION_ID = {1, 2, 3};

        private final BcTlsCrypto bouncy;
        private final KeyPair key;
        private final CoseKey serverKey;
        private final int[] suites;
        private int handshakes;

        Keys(KeyPair key, CoseKey serverKey, int... suites) {
            super(new BcTlsCrypto(RANDOM));
            this.bouncy = (BcTlsCrypto) getCrypto();
            this.key = key;
            this.serverKey = serverKey;
            this.suites = suites.clone();
        }

        Bytes peerId() {
            // In its words "local" is the one that this side writes.
            byte[] id = context.getSecurityParametersConnection().getConnectionIDLocal();
            return id == null ? Bytes.EMPTY : Bytes.wrap(id.clone());
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return suites.clone();
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected byte[] getNewConnectionID() {
            return OWN_CONNECTION_ID.clone();
        }

        @Override
        protected short[] getAllowedClientCertificateTypes() {
            return new short[] {CertificateType.RawPublicKey};
        }

        @Override
        protected short[] getAllowedServerCertificateTypes() {
            return new short[] {CertificateType.RawPublicKey};
        }

        @Override
        @SuppressWarnings({"rawtypes", "unchecked"})
        protected Vector getSupportedGroups(Vector roles) {
            return new Vector(java.util.List.of(NamedGroup.secp256r1));
        }

        @Override
        @SuppressWarnings({"rawtypes", "unchecked"})
        protected Vector getSupportedSignatureAlgorithms() {
            return new Vector(java.util.List.of(
                    SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa)));
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            TlsExtensionsUtils.addExtendedMasterSecretExtension(
                    TlsExtensionsUtils.ensureExtensionsInitialised(extensions));
            return extensions;
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            handshakes++;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate shown) throws IOException {
                    byte[] spki = shown.getCertificate().getCertificateAt(0).getEncoded();
                    byte[] point = SubjectPublicKeyInfo.getInstance(spki)
                            .getPublicKeyData()
                            .getBytes();
                    if (!Bytes.wrap(point).equals(serverKey.uncompressed())) {
                        throw new TlsFatalAlert(AlertDescription.bad_certificate);
                    }
                }

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                    return credentials();
                }
            };
        }

        private TlsCredentials credentials() throws IOException {
            ECNamedDomainParameters curve = new ECNamedDomainParameters(
                    org.bouncycastle.asn1.sec.SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByName("P-256"));
            SubjectPublicKeyInfo publicKey =
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(new ECPublicKeyParameters(
                            curve.getCurve()
                                    .decodePoint(key.publicKey().uncompressed().toArray()),
                            curve));
            Certificate certificate = new Certificate(CertificateType.RawPublicKey, null, new CertificateEntry[] {
                new CertificateEntry(new BcTlsRawKeyCertificate(bouncy, publicKey), null)
            });
            return new BcDefaultTlsCredentialedSigner(
                    new TlsCryptoParameters(context),
                    bouncy,
                    new ECPrivateKeyParameters(new BigInteger(1, key.scalar().toArray()), curve),
                    certificate,
                    SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
        }
    }
}
