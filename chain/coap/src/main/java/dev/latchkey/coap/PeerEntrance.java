package dev.latchkey.coap;

import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** Looks at every datagram, asks the directory about everybody who wants to connect, and counts who is turned away; safe for use by many threads. */
final class PeerEntrance {
    private final PeerDirectory peers;
    private final ServerLimits limits;
    private final Predicate<String> inUse;
    private final Tally tally;

    /**
     * Makes an entrance.
     *
     * @param inUse whether the identity of a voucher's holder has a connection
     */
    PeerEntrance(PeerDirectory peers, ServerLimits limits, Predicate<String> inUse, Tally tally) {
        this.peers = peers;
        this.limits = limits;
        this.inUse = inUse;
        this.tally = tally;
    }

    DtlsConnectorConfig.Builder guard(DtlsConnectorConfig.Builder settings) {
        return settings.setDatagramFilter(new InboundFilter(limits, tally))
                .setHealthHandler(new DatagramCounts(tally))
                .setCertificateVerifier(KeyVerifier.ofRawKeysAndCertificates(key -> {
                    Optional<KeyPeer> known = peers.byKey(key).map(handle -> new KeyPeer(key, handle));
                    if (known.isEmpty()) {
                        tally.connectionsRefused.increment();
                    }
                    return known;
                }))
                .setPskStore(new VoucherKeys(peers, inUse, tally))
                .setApplicationLevelInfoSupplier((principal, peer) -> (peer instanceof Peer
                                ? Optional.of((Peer) peer)
                                : Resumption.peer(principal, peers))
                        .map(known -> new PeerLink(known, limits).info())
                        .orElseGet(AdditionalInfo::empty));
    }
}
