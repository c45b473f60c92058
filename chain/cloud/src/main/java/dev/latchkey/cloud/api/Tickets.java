package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks serve tickets. Thread-safe. Signatures that were found good are remembered, since a gateway shows the same
 * ticket for days.
 */
final class Tickets {
    private static final int MAX_REMEMBERED = 65_536;

    private final EcVerifier verifier;
    private final Map<Digest, Boolean> good = Collections.synchronizedMap(new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    Tickets(EcVerifier verifier) {
        this.verifier = verifier;
    }

    /** The ticket that these bytes are, if they are one. */
    static Optional<ServeTicket> decode(Bytes encoded) {
        try {
            return Optional.of(ServeTicket.decode(encoded));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    /** Whether the member lets the gateway act for it in this chain at that moment. */
    boolean allows(ServeTicket ticket, ChainId chain, MemberRecord member, String gateway, Instant moment) {
        return ticket.isGoodAt(moment) && isOf(ticket, chain, member, gateway);
    }

    /** The same, if the moment is one of the ticket's. */
    boolean isOf(ServeTicket ticket, ChainId chain, MemberRecord member, String gateway) {
        return ticket.chain().equals(chain)
                && ticket.member().equals(member.name())
                && ticket.gateway().equals(gateway)
                && isSigned(ticket, member.keys().sig());
    }

    private boolean isSigned(ServeTicket ticket, CoseKey sig) {
        Digest what = Digest.sha256(sig.encode(), ticket.encode());
        if (good.containsKey(what)) {
            return true;
        }
        boolean signed = ticket.signedBy(sig, verifier);
        if (signed) {
            good.put(what, true);
        }
        return signed;
    }
}
