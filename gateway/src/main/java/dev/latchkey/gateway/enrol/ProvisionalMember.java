package dev.latchkey.gateway.enrol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Provisional;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.ProvisionalAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A join on this gateway's word, and what became of it; read by any thread, changed by the store's. On disk it is {@code [bstr
 * provisional-answer, reason / null, when it was refused]}.
 */
public final class ProvisionalMember implements Provisional {
    private static final int MAX_REASON = 64;
    private static final int MAX_ROW_BYTES = ProvisionalAnswer.MAX_BYTES + 128;

    private enum Stage {
        /** Not on disk yet. */
        DRAFTED,
        WAITING,
        FINAL,
        REFUSED
    }

    private final long order;
    private final ProvisionalAnswer answer;
    private final MemberRecord record;
    private final MemberHandle handle;
    private final Replicas replicas;
    private volatile Stage stage = Stage.DRAFTED;
    private volatile String reason = "";
    private volatile long refusedMillis;
    private volatile Optional<MemberHandle> successor = Optional.empty();

    ProvisionalMember(long order, ProvisionalAnswer answer, Replicas replicas) {
        this.order = order;
        this.answer = answer;
        this.record = answer.record();
        this.replicas = replicas;
        this.handle = MemberHandle.provisional(chain(), record, this);
    }

    static ProvisionalMember decode(long order, Bytes row, Replicas replicas) {
        try {
            List<Item> parts = Cbor.decode(row, MAX_ROW_BYTES).asArray(3);
            ProvisionalMember member = new ProvisionalMember(
                    order, ProvisionalAnswer.decode(parts.get(0).asBytes()), replicas);
            if (parts.get(1).isNull()) {
                member.waits();
            } else {
                member.refused(parts.get(1).asText(MAX_REASON), parts.get(2).asUint());
            }
            return member;
        } catch (MalformedCborException | MalformedMessageException e) {
            throw new IllegalStateException("a row of the provisional members is damaged", e);
        }
    }

    Bytes encodeWaiting() {
        return Cbor.encode(Cbor.array(Cbor.bytes(answer.encode()), Cbor.NULL, Cbor.uint(0)));
    }

    Bytes encodeRefused(String why, long nowMillis) {
        return Cbor.encode(Cbor.array(Cbor.bytes(answer.encode()), Cbor.text(why), Cbor.uint(nowMillis)));
    }

    /** In which order joins came. */
    long order() {
        return order;
    }

    ChainId chain() {
        return answer.receipt().chain();
    }

    /** The id of the join. */
    public Digest id() {
        return answer.receipt().transactionId();
    }

    ProvisionalAnswer answer() {
        return answer;
    }

    /** The record that the join would have. */
    MemberRecord record() {
        return record;
    }

    MemberHandle handle() {
        return handle;
    }

    Voucher voucher() {
        return ((Join) answer.join().transaction()).voucher().orElseThrow();
    }

    Instant taken() {
        return answer.receipt().time();
    }

    /** The receipt, for as long as the join waits. */
    public Optional<Bytes> receipt() {
        return stage == Stage.WAITING ? Optional.of(answer.receipt().encode()) : Optional.empty();
    }

    /** Whether the join waits with these very signatures, which were checked; its id is that of the body alone. */
    public boolean waitsAs(Bytes transaction) {
        return isWaiting() && answer.join().encode().equals(transaction);
    }

    /** The code with which it was refused. */
    public Optional<String> reason() {
        return stage == Stage.REFUSED ? Optional.of(reason) : Optional.empty();
    }

    /** When it was refused, milliseconds since 1970. */
    long refusedMillis() {
        return refusedMillis;
    }

    boolean isWaiting() {
        return stage == Stage.WAITING;
    }

    void waits() {
        stage = Stage.WAITING;
    }

    void isFinal(Optional<MemberHandle> member) {
        successor = member;
        stage = Stage.FINAL;
    }

    void refused(String why, long nowMillis) {
        reason = why;
        refusedMillis = nowMillis;
        stage = Stage.REFUSED;
    }

    /** The chain wins at once: with its record of the name, be it of this member or another, the word is over. */
    @Override
    public boolean stands() {
        return isWaiting()
                && replicas.of(chain()).isPresent()
                && replicas.record(chain(), record.name()).isEmpty();
    }

    @Override
    public Optional<MemberHandle> successor() {
        return successor;
    }

    @Override
    public boolean isRefused() {
        return stage == Stage.REFUSED;
    }
}
