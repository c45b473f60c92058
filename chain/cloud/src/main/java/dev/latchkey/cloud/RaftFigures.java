package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.console.Metrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** How each group of the log stands, for {@code /metrics}. Thread-safe. */
final class RaftFigures {
    private static final double MILLIS = 1e3;
    private static final List<String> GROUP = List.of("group");
    private static final List<String> MEMBER = List.of("group", "member");

    private final Membership membership;
    private final Predicate<String> led;

    /** @param led whether this node leads a group, or knows who does */
    RaftFigures(Membership membership, Predicate<String> led) {
        this.membership = membership;
        this.led = led;
    }

    void watch(Metrics metrics) {
        group(
                metrics,
                "latchkey_raft_leader",
                "1 on the member that leads the group, 0 on the others.",
                status -> status.leader().filter(membership.self()::equals).isPresent() ? 1 : 0);
        group(
                metrics,
                "latchkey_raft_leader_known",
                "1 while this node leads the group or knows who does.",
                status -> led.test(status.group()) ? 1 : 0);
        group(metrics, "latchkey_raft_term", "The group's term: it grows with each election.", GroupStatus::term);
        group(
                metrics,
                "latchkey_raft_committed_entries",
                "Index of the newest entry that this node knows to be committed.",
                GroupStatus::committed);
        group(
                metrics,
                "latchkey_raft_applied_entries",
                "Index of the newest entry that this node has applied.",
                GroupStatus::applied);
        group(
                metrics,
                "latchkey_raft_behind_entries",
                "Committed entries that wait to be applied on this node.",
                status -> Readiness.Group.of(status, true).behind());
        group(
                metrics,
                "latchkey_raft_members",
                "Members of the group.",
                status -> status.members().size());
        member(
                metrics,
                "latchkey_raft_member_behind_entries",
                "On the leader: entries that a member is not known to have.",
                (status, member) -> Math.max(0, status.committed() - member.committed()));
        member(
                metrics,
                "latchkey_raft_member_silent_seconds",
                "On the leader: how long a member has not answered.",
                (status, member) -> Math.max(0, member.silentMillis()) / MILLIS);
    }

    private void group(Metrics metrics, String name, String help, ToDoubleFunction<GroupStatus> value) {
        metrics.levels(name, help, GROUP, () -> {
            Map<List<String>, Double> values = new LinkedHashMap<>();
            for (GroupStatus status : statuses()) {
                values.put(List.of(status.group()), value.applyAsDouble(status));
            }
            return values;
        });
    }

    private interface OfMember {
        double value(GroupStatus status, GroupStatus.MemberStatus member);
    }

    private void member(Metrics metrics, String name, String help, OfMember figure) {
        metrics.levels(name, help, MEMBER, () -> {
            Map<List<String>, Double> values = new LinkedHashMap<>();
            for (GroupStatus status : statuses()) {
                if (status.leader().filter(membership.self()::equals).isPresent()) {
                    status.members()
                            .forEach(member -> values.put(
                                    List.of(status.group(), member.member().id()), figure.value(status, member)));
                }
            }
            return values;
        });
    }

    /** None while the log is closed. */
    private List<GroupStatus> statuses() {
        try {
            return membership.groups().stream().map(membership::status).toList();
        } catch (RaftFault e) {
            return List.of();
        }
    }
}
