package dev.latchkey.cloud;

import dev.latchkey.cloud.chain.Alarm;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on the lead of groups that this node had better not lead: its clock is wrong, so that it orders nothing, or it
 * does not sign a chain, so that it gives nobody a receipt. Only to a member that says that it is ready: where none is,
 * the lead stays. For one thread.
 */
final class UnfitLeader {
    private static final Logger LOG = LoggerFactory.getLogger(UnfitLeader.class);

    /** Who is no replica of a chain, by its policy, leads as well as anybody: its receipts come from the others. */
    private static final Set<Alarm> NO_REASON = EnumSet.of(Alarm.NONE, Alarm.NOT_A_REPLICA);

    /** A lead that comes back is handed on again after a while that doubles. */
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(5);

    private final Leads leads;
    private final LongSupplier nanos;
    private final Map<String, Handed> handed = new HashMap<>();

    private record Handed(long at, long pause) {}

    /** The groups as this node sees them. */
    interface Leads {
        /** The groups that this node leads. */
        List<String> led();

        /** Whether an operator told this node to lead a group all the same. */
        boolean isKept(String group);

        /** Whether this node's clock is wrong. */
        boolean isClockWrong();

        /** What keeps this node from signing the chains of a group. */
        List<Alarm> alarms(String group);

        /** The member that had best lead a group, if one is ready. */
        Optional<String> next(String group);

        /** Hands on the lead; does not wait. */
        void transfer(String group, String member);
    }

    UnfitLeader(Leads leads, LongSupplier nanos) {
        this.leads = leads;
        this.nanos = nanos;
    }

    /** Hands on what has to be. */
    void look() {
        for (String group : leads.led()) {
            reason(group).ifPresent(reason -> handOn(group, reason));
        }
    }

    private Optional<String> reason(String group) {
        if (leads.isClockWrong()) {
            return Optional.of("clock");
        }
        return leads.isKept(group)
                ? Optional.empty()
                : leads.alarms(group).stream()
                        .filter(alarm -> !NO_REASON.contains(alarm))
                        .map(Alarm::name)
                        .findFirst();
    }

    private void handOn(String group, String reason) {
        long now = nanos.getAsLong();
        Handed last = handed.get(group);
        if (last != null && now - last.at() < last.pause()) {
            return;
        }
        leads.next(group).ifPresent(next -> {
            LOG.warn("the lead is handed on: group={} to={} reason={}", group, next, reason);
            boolean again = last != null && now - last.at() < 2 * LONGEST_PAUSE;
            handed.put(group, new Handed(now, again ? Math.min(2 * last.pause(), LONGEST_PAUSE) : FIRST_PAUSE));
            leads.transfer(group, next);
        });
    }
}
