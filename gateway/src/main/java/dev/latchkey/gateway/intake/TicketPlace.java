package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;

/** Whose ticket it is, and for which chain. On disk the id, then the chain id. */
record TicketPlace(Bytes member, ChainId chain) {
    static TicketPlace decode(Bytes key) {
        return new TicketPlace(
                key.slice(0, MemberRecord.ID_BYTES),
                new ChainId(Digest.of(key.slice(MemberRecord.ID_BYTES, key.size()))));
    }

    Bytes encode() {
        return Bytes.concat(member, chain.bytes());
    }
}
