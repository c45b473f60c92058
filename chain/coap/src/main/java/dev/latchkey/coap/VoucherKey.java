package dev.latchkey.coap;

import java.net.InetSocketAddress;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;

/** A client's one pre-shared key, whatever the server calls itself; immutable. */
final class VoucherKey implements PskStore {
    private final ClientIdentity.Psk psk;

    VoucherKey(ClientIdentity.Psk psk) {
        this.psk = psk;
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
        SecretKey secret = SecretUtil.create(psk.secret().toArray(), PskSecretResult.ALGORITHM_PSK);
        return new PskSecretResult(cid, identity, secret, null, false, true);
    }

    @Override
    public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
        return new PskPublicInformation(psk.identity());
    }

    /** Every answer is given at once, so there is never a later one. */
    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}
}
