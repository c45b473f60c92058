package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;

/** Asks a look-up of ours for the pre-shared key of an identity. An identity in use is refused to a second connection. */
final class VoucherKeys implements PskStore {
    /** RFC 4279, section 5.3: what every implementation supports; longer ones are nobody's. */
    private static final int MAX_IDENTITY_BYTES = 128;

    private final PeerDirectory directory;
    private final Predicate<String> inUse;
    private final Tally tally;

    VoucherKeys(PeerDirectory directory, Predicate<String> inUse, Tally tally) {
        this.tally = tally;
        this.directory = directory;
        this.inUse = inUse;
    }

    @Override
    public boolean hasEcdhePskSupported() {
        return true;
    }

    @Override
    public PskSecretResult requestPskSecretResult(
            ConnectionId cid,
            ServerNames serverName,
            PskPublicInformation identity,
            String hmacAlgorithm,
            SecretKey otherSecret,
            byte[] seed,
            boolean useExtendedMasterSecret) {
        Optional<PskGrant> grant = grant(identity);
        if (grant.isEmpty()) {
            tally.connectionsRefused.increment();
            return new PskSecretResult(cid, identity);
        }
        return new PskSecretResult(
                cid,
                identity,
                SecretUtil.create(grant.get().secret().toArray(), PskSecretResult.ALGORITHM_PSK),
                new VoucherPeer(identity.getPublicInfoAsString(), grant.get().handle()),
                false,
                true);
    }

    private Optional<PskGrant> grant(PskPublicInformation identity) {
        if (!identity.isCompliantEncoding() || identity.length() > MAX_IDENTITY_BYTES) {
            return Optional.empty();
        }
        String text = identity.getPublicInfoAsString();
        return inUse.test(text) ? Optional.empty() : directory.byIdentity(text);
    }

    /** Only clients have an identity to give. */
    @Override
    public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
        return null;
    }

    /** Every answer is given at once, so there is never a later one. */
    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}
}
