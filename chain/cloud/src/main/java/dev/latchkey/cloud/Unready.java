package dev.latchkey.cloud;

import java.util.Arrays;
import java.util.Optional;

/** Why a node is not ready, and what an operator does about it. */
enum Unready {
    STATE_UNKNOWN(
            "the node stops: its state is not known any more",
            "its log says what failed; start it again when that is mended"),
    NO_LEADER(
            "no leader of a group of the log is known",
            "more than half of the members must run and reach each other; latchkey cluster status names them"),
    CLOCK(
            "this node's clock differs from those of more than half of the members",
            "set the clock, best by NTP; latchkey_clock_ahead_seconds at /metrics says by how much"),
    NOT_BEGUN(
            "a chain of the settings has not begun",
            "a leader begins it; wait, or look whether more than half of the members run"),
    NOT_SIGNED(
            "the node does not sign a chain",
            "the latchkey_alarm_ figure above 0 at /metrics and the node's log say which and why"),
    DISK(
            "less is free on the disk than ready.disk-free",
            "make room where the data lie, or lower ready.disk-free; the log ends at 64 MiB"),
    BEHIND(
            "more committed entries wait to be applied than ready.entries-behind",
            "wait while it catches up; if it does not, look at the disk's speed and at other load of the machine");

    private final String reason;
    private final String advice;

    Unready(String reason, String advice) {
        this.reason = reason;
        this.advice = advice;
    }

    /** One sentence; the detail of the problem at {@code /readyz}. */
    String reason() {
        return reason;
    }

    String advice() {
        return advice;
    }

    /** The one with this reason. */
    static Optional<Unready> of(String reason) {
        return Arrays.stream(values())
                .filter(each -> each.reason.equals(reason))
                .findFirst();
    }
}
