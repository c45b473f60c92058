package dev.latchkey.coap;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.config.CoapConfig.MatcherMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/** Every option of Californium and Scandium that differs from its default, each with its reason. */
final class CoapSettings {
    /**
     * Offered by clients in this order. CCM_8 first: mandatory in RFC 7252, section 9.1.3.2, and its tag is 8 bytes
     * shorter than GCM's, which is what counts on a 127-byte frame. The server follows the client's order.
     */
    static final List<CipherSuite> RAW_KEY_SUITES = List.of(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);

    /** With a fresh key agreement first: who learns a voucher's secret later cannot read what was sent. */
    private static final List<CipherSuite> VOUCHER_SUITES = List.of(
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);

    /** The one that goes with the curve; Scandium takes the option only where a suite signs. */
    private static final List<SignatureAndHashAlgorithm> SIGNATURES =
            List.of(SignatureAndHashAlgorithm.SHA256_WITH_ECDSA);

    /** More than the clients': for those that have no ECDHE_PSK (libcoap, openssl), no CCM_8 or prefer 256 bits. */
    static final List<CipherSuite> SERVER_SUITES = List.of(
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM,
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384);

    /** One block holds a key answer with proof at a million members. */
    static final int BLOCK_BYTES = 1_024;

    /** IPv6 guarantees no more; the default asks the interface, and loopback says 65,536. */
    private static final int DATAGRAM_BYTES = 1_280;

    /** Raw keys need 200 bytes, pinned X.509 less than 1 KB; the default of 8 KB is for chains of certificates. */
    private static final int HANDSHAKE_MESSAGE_BYTES = 2_048;

    /** One message id of one peer is looked up among its last 16 messages; the default keeps 247 s of all on the heap. */
    private static final int REMEMBERED_MESSAGES_PER_PEER = 16;

    /** A burst of a fleet finds room in the kernel (as much of it as net.core.rmem_max gives). */
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** Datagrams waiting for a thread: half a second of full load, instead of two and a half. */
    private static final int SERVER_QUEUE = 10_000;

    /** As ACK_RANDOM_FACTOR (RFC 7252, section 4.8). */
    private static final float FLIGHT_RANDOM_FACTOR = 1.5f;

    /** Scandium takes no less. */
    private static final int LEAST_HANDSHAKE_JOBS = 64;

    /** A client has one peer and few requests: more than this many open at once are refused. */
    static final int CLIENT_QUEUE = 1_000;

    /** A client that stops in the middle of a body holds it for a minute, not for five. */
    private static final int TRANSFER_SECONDS = 60;

    /** How often what came to a halt is looked for, of the time for which it may. */
    private static final int LOOKS_PER_PATIENCE = 4;

    /** Block-wise bodies under way at once in each direction; the option is named for its use in servers. */
    private static final int CLIENT_TRANSFERS = 256;

    /** The server's connection and, while it is replaced, its successor. */
    private static final int CLIENT_CONNECTIONS = 4;

    private CoapSettings() {}

    static Configuration server(ServerLimits limits, int connectionIdLength, int maxBody) {
        return common(maxBody)
                // Never start a handshake towards a device, and find its connection by CID when sending: a
                // notification follows a device whose address changed.
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY)
                .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, connectionIdLength)
                // Resumption by session id would not ask the directory again: a revoked member could come back.
                .set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, false)
                .set(DtlsConfig.DTLS_CIPHER_SUITES, SERVER_SUITES)
                .set(DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS, SIGNATURES)
                .set(DtlsConfig.DTLS_MAX_CONNECTIONS, limits.connections().all())
                .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, SERVER_QUEUE)
                .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, SERVER_QUEUE)
                .set(
                        DtlsConfig.DTLS_MAX_PENDING_HANDSHAKE_RESULT_JOBS,
                        Math.max(LEAST_HANDSHAKE_JOBS, limits.handshakes().pending()))
                .set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, RECEIVE_BUFFER_BYTES)
                // Message ids and congestion are kept per connection until 10 minutes after its last message.
                .set(CoapConfig.MAX_ACTIVE_PEERS, 2 * limits.connections().all());
    }

    /** What the block-wise layer alone sees: its two tables are sized by MAX_ACTIVE_PEERS. */
    static Configuration transfers(Configuration server, ServerLimits limits) {
        int patience = (int) limits.transfers().patience().toMillis();
        return new Configuration(server)
                .set(CoapConfig.MAX_ACTIVE_PEERS, limits.transfers().all())
                .set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, patience, TimeUnit.MILLISECONDS)
                .set(
                        CoapConfig.BLOCKWISE_STATUS_INTERVAL,
                        Math.max(1, patience / LOOKS_PER_PATIENCE),
                        TimeUnit.MILLISECONDS);
    }

    static Configuration client(ClientOptions options, boolean rawKey) {
        return common(options.maxBody())
                // Never answer a ClientHello: whoever finds the port of a device gets nothing.
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
                .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, options.connectionIdLength())
                .set(DtlsConfig.DTLS_CIPHER_SUITES, rawKey ? RAW_KEY_SUITES : VOUCHER_SUITES)
                .set(DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS, rawKey ? SIGNATURES : null)
                // The subject of a raw key is the key; there is no name to compare.
                .set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false)
                .set(
                        DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT,
                        (int) options.handshakeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS)
                // A fleet that finds no room at once does not come back at once; the default is no spread at all.
                .set(DtlsConfig.DTLS_RETRANSMISSION_INIT_RANDOM, FLIGHT_RANDOM_FACTOR)
                .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, options.handshakeRetransmissions())
                .set(DtlsConfig.DTLS_MAX_CONNECTIONS, CLIENT_CONNECTIONS)
                .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, CLIENT_QUEUE)
                // Requests that wait for the handshake; beyond the default of 10 they would be lost without a word.
                .set(DtlsConfig.DTLS_MAX_DEFERRED_OUTBOUND_APPLICATION_MESSAGES, CLIENT_QUEUE)
                .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, CLIENT_QUEUE)
                // SharedReceiver waits on the sockets of all clients of a process.
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 0)
                .set(CoapConfig.MAX_ACTIVE_PEERS, CLIENT_TRANSFERS)
                .set(CoapConfig.ACK_TIMEOUT, (int) options.ackTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .set(CoapConfig.MAX_RETRANSMIT, options.maxRetransmit());
    }

    /** Alone: Californium hands out a static field, in which another thread may just have put its own. */
    private static synchronized Configuration fresh() {
        CoapConfig.register();
        DtlsConfig.register();
        return Configuration.createStandardWithoutFile();
    }

    private static Configuration common(int maxBody) {
        return fresh().set(DtlsConfig.DTLS_CERTIFICATE_TYPES, List.of(CertificateType.RAW_PUBLIC_KEY))
                // P-256 is the curve of the chain and of TinyDTLS; one more would be one more to keep fast and safe.
                .set(DtlsConfig.DTLS_CURVES, List.of(SupportedGroup.secp256r1))
                .set(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, HANDSHAKE_MESSAGE_BYTES)
                .set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, DATAGRAM_BYTES)
                .set(CoapConfig.RESPONSE_MATCHING, MatcherMode.PRINCIPAL_IDENTITY)
                .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP)
                .set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED_MESSAGES_PER_PEER)
                // What a handled message leaves behind for its duplicates is its bytes, not its objects.
                .set(CoapConfig.USE_MESSAGE_OFFLOADING, true)
                .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, maxBody)
                .set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK_BYTES)
                .set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK_BYTES)
                .set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, TRANSFER_SECONDS, TimeUnit.SECONDS)
                // Statistics are the gateway's own; Californium's would be logged.
                .set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS);
    }
}
