package dev.latchkey.device;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Instant;

/** A record on the gateway's word alone, over DTLS. Only this package makes one. Immutable. */
public final class ToldKey implements MemberKey {
    private final ChainId chain;
    private final MemberRecord record;
    private final Instant asked;
    private final boolean provisional;

    ToldKey(ChainId chain, MemberRecord record, Instant asked) {
        this(chain, record, asked, false);
    }

    /** @param provisional whether the record is the one that a provisional member would have */
    ToldKey(ChainId chain, MemberRecord record, Instant asked, boolean provisional) {
        this.chain = chain;
        this.record = record;
        this.asked = asked;
        this.provisional = provisional;
    }

    boolean provisional() {
        return provisional;
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
