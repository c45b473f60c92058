package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.GroupStatus;
import java.util.List;
import java.util.Optional;

/**
 * What decides whether a node is ready, as seen at one moment. Immutable.
 *
 * @param stateKnown whether the node can vouch for its state
 * @param groups the groups of the log
 * @param clockRight whether this node's clock is not known to be wrong
 * @param begun whether all chains of the settings have begun
 * @param signing whether all chains are signed here
 * @param alike whether the mailboxes here are those of the other members
 * @param freeBytes what is left where the data lie
 */
record Readiness(
        boolean stateKnown,
        List<Group> groups,
        boolean clockRight,
        boolean begun,
        boolean signing,
        boolean alike,
        long freeBytes) {
    /**
     * One group of the log.
     *
     * @param led whether this node leads it, or knows who does
     * @param behind committed entries that wait to be applied here
     */
    record Group(boolean led, long behind) {
        /** As a member sees its group. What it heard of the others' commits counts too. */
        static Group of(GroupStatus status, boolean led) {
            long committed = status.members().stream()
                    .mapToLong(GroupStatus.MemberStatus::committed)
                    .reduce(status.committed(), Math::max);
            return new Group(led, Math.max(0, committed - status.applied()));
        }
    }

    Readiness {
        groups = List.copyOf(groups);
    }

    /** Why the node is not ready, if it is not: the first reason in the order of {@link Unready}. */
    Optional<Unready> missing(ReadySettings bounds) {
        if (!stateKnown) {
            return Optional.of(Unready.STATE_UNKNOWN);
        }
        if (!groups.stream().allMatch(Group::led)) {
            return Optional.of(Unready.NO_LEADER);
        }
        if (!clockRight) {
            return Optional.of(Unready.CLOCK);
        }
        if (!begun) {
            return Optional.of(Unready.NOT_BEGUN);
        }
        if (!signing) {
            return Optional.of(Unready.NOT_SIGNED);
        }
        if (!alike) {
            return Optional.of(Unready.DIFFERS);
        }
        if (freeBytes < bounds.diskFree()) {
            return Optional.of(Unready.DISK);
        }
        boolean behind = groups.stream().anyMatch(group -> group.behind() > bounds.entriesBehind());
        return behind ? Optional.of(Unready.BEHIND) : Optional.empty();
    }
}
