package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.PeerDirectory;
import dev.latchkey.coap.PskGrant;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.protocol.Enrolment;
import java.util.Optional;

/**
 * Who may open a DTLS connection: members of a served chain by their DTLS key, and whoever knows the pre-shared key of a voucher;
 * safe for use by many threads, answers from memory. Whether a voucher is genuine is not known here: its key protects
 * the way of an enrolment only.
 */
public final class Peers implements PeerDirectory {
    private final Replicas replicas;
    private final ProvisionalMembers provisionals;
    private final Optional<Bytes> enrolmentSecret;

    /**
     * Makes the directory.
     *
     * @param provisionals who may connect though the chain does not have it yet
     * @param enrolmentSecret shared with the operator; without it nobody enrols here
     */
    public Peers(Replicas replicas, ProvisionalMembers provisionals, Optional<Bytes> enrolmentSecret) {
        this.replicas = replicas;
        this.provisionals = provisionals;
        this.enrolmentSecret = enrolmentSecret;
    }

    @Override
    public Optional<Object> byKey(CoseKey dtlsKey) {
        return replicas.byDtlsKey(dtlsKey)
                .or(() -> provisionals.byDtlsKey(dtlsKey))
                .map(handle -> handle);
    }

    @Override
    public Optional<PskGrant> byIdentity(String identity) {
        return enrolmentSecret.flatMap(secret -> Enrolment.voucherId(identity)
                .map(id -> new PskGrant(Enrolment.presharedKey(secret, id), new VoucherHolder(id))));
    }
}
