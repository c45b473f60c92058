package dev.latchkey.device;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Instant;

/** A record on the gateway's word alone, over DTLS. Only this package makes one. Immutable. */
public final class ToldKey implements MemberKey {
    private final ChainId chain;
    private final MemberRecord record;
    private final Instant asked;

    ToldKey(ChainId chain, MemberRecord record, Instant asked) {
        this.chain = chain;
        this.record = record;
        this.asked = asked;
    }

    @Override
    public ChainId chain() {
        return chain;
    }

    @Override
    public MemberRecord record() {
        return record;
    }

    @Override
    public Instant asked() {
        return asked;
    }

    @Override
    public String toString() {
        return "told " + record.name();
    }
}
