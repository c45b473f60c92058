package dev.latchkey.device;

import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Instant;

/** A record that this device has proved, now or before it was opened last. Only this package makes one. Immutable. */
public final class ProvedKey implements MemberKey {
    private final ChainId chain;
    private final MemberRecord record;
    private final long height;
    private final Instant asked;

    private ProvedKey(ChainId chain, MemberRecord record, long height, Instant asked) {
        this.chain = chain;
        this.record = record;
        this.height = height;
        this.asked = asked;
    }

    static ProvedKey of(VerifiedKey key, Instant asked) {
        return new ProvedKey(
                key.under().checkpoint().chain(),
                key.record(),
                key.under().checkpoint().height(),
                asked);
    }

    /** One that this device proved before and kept in its own directory. */
    static ProvedKey kept(ChainId chain, MemberRecord record, long height, Instant asked) {
        return new ProvedKey(chain, record, height, asked);
    }

    /** The same under the same checkpoint, which was asked for again. */
    ProvedKey at(Instant again) {
        return new ProvedKey(chain, record, height, again.isAfter(asked) ? again : asked);
    }

    @Override
    public ChainId chain() {
        return chain;
    }

    @Override
    public MemberRecord record() {
        return record;
    }

    /** The height of the checkpoint under which it is the current record. */
    public long height() {
        return height;
    }

    @Override
    public Instant asked() {
        return asked;
    }

    @Override
    public String toString() {
        return "proved " + record.name() + " at height " + height;
    }
}
