package dev.latchkey.cloud;

import dev.latchkey.cloud.chain.Alarm;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.mailbox.MailboxShards;
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
    DIFFERS(
            "mailboxes of this node differ from those of the other members",
            "take the node out as one that lost its disk; its log and /readyz name the group and the store"),
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

    /** The reason, and what was found, of a chain that is not signed or of mailboxes that differ. */
    String detail(ChainsMachine chains, MailboxShards mailboxes) {
        if (this == DIFFERS) {
            return mailboxes.findings().values().stream()
                    .findFirst() // one has room in a problem; the figures and the log name all
                    .map(found -> reason + ": " + found)
                    .orElse(reason);
        }
        return this == NOT_SIGNED
                ? chains.chains().stream()
                        .map(OrderedChain::line)
                        .filter(line -> line.alarm() != Alarm.NONE)
                        .findFirst()
                        .map(line -> reason + ": " + line.reason())
                        .orElse(reason)
                : reason;
    }

    /** The one whose reason, or a detail of it, this is. */
    static Optional<Unready> of(String detail) {
        return Arrays.stream(values())
                .filter(each -> detail.startsWith(each.reason))
                .findFirst();
    }
}
