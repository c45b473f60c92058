package dev.latchkey.cloud.operator;

import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.time.Instant;
import java.util.Locale;

/** A member's record on one line. Stateless. */
final class RecordText {
    private RecordText() {}

    static String of(MemberRecord record) {
        return record.role().name().toLowerCase(Locale.ROOT) + ", " + state(record.state()) + ", sequence "
                + record.sequence() + ", since height " + record.height();
    }

    static String state(MemberState state) {
        if (state instanceof MemberState.Moving moving) {
            return "moving to chain " + moving.to().toHex() + " as " + moving.nameThere() + " until "
                    + Instant.ofEpochMilli(moving.deadlineMillis());
        }
        if (state instanceof MemberState.Moved moved) {
            return "moved to chain " + moved.to().toHex() + " as " + moved.name();
        }
        return state.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
