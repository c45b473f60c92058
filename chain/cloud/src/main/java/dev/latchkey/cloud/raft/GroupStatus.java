package dev.latchkey.cloud.raft;

import java.util.List;
import java.util.Optional;

/**
 * How a group stands, as one member sees it. Immutable.
 *
 * @param group its name
 * @param role of this member: leader, follower, candidate or listener
 * @param leader name of the member that leads, as far as this one knows
 * @param term the term of the newest election that this member knows of
 * @param committed index of the newest entry known to be committed, -1 if there is none
 * @param applied index of the newest entry applied here, -1 if there is none
 * @param members what this member knows of each, itself included
 */
public record GroupStatus(
        String group,
        String role,
        Optional<String> leader,
        long term,
        long committed,
        long applied,
        List<MemberStatus> members) {
    /** Whoever was silent for longer is not there. */
    private static final long HEARD_MILLIS = 1_000;

    public GroupStatus {
        members = List.copyOf(members);
    }

    /**
     * One member.
     *
     * @param committed index of the newest entry that it is known to have committed, -1 if nothing is known
     * @param silentMillis how long it has not answered the leader, -1 where that is not known
     */
    public record MemberStatus(Member member, long committed, long silentMillis) {}

    /** Whether a member that answers has committed less than this one; only the leader knows. */
    boolean hasLaggard() {
        return members.stream()
                .anyMatch(each ->
                        each.silentMillis() >= 0 && each.silentMillis() < HEARD_MILLIS && each.committed() < committed);
    }
}
