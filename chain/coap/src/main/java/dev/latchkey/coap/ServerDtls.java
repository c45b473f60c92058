package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** What the DTLS side of a server is told: who it is, who may connect, and who counts. Stateless. */
final class ServerDtls {
    private ServerDtls() {}

    static DtlsConnectorConfig config(
            Configuration config,
            InetSocketAddress address,
            ServerKeys identity,
            PeerDirectory peers,
            ServerLimits limits,
            PeerLinks links,
            HandshakeWatch handshakes,
            Tally tally) {
        return DtlsConnectorConfig.builder(config)
                .setAddress(address)
                .setCertificateIdentityProvider(identity)
                .setCipherSuiteSelector(new RawKeysFirst())
                .setCertificateVerifier(KeyVerifier.ofRawKeysAndCertificates(key -> {
                    Optional<KeyPeer> known = peers.byKey(key).map(handle -> new KeyPeer(key, handle));
                    if (known.isEmpty()) {
                        tally.connectionsRefused.increment();
                    }
                    return known;
                }))
                .setPskStore(new VoucherKeys(peers, links::isInUse, tally))
                .setApplicationLevelInfoSupplier((principal, peer) -> (peer instanceof Peer
                                ? Optional.of((Peer) peer)
                                : Resumption.peer(principal, peers))
                        .map(known -> new PeerLink(known, limits).info())
                        .orElseGet(AdditionalInfo::empty))
                .setConnectionListener(links)
                .setSessionListener(handshakes)
                .setDatagramFilter(new InboundFilter(limits, tally))
                .setHealthHandler(new DatagramCounts(tally))
                .build();
    }
}
