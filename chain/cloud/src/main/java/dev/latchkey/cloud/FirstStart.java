package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Before a member begins with an empty log: whether the others remember it. Stateless. A member that lost its log has
 * forgotten whom it voted for and what it acknowledged; under its old name it could undo both.
 */
final class FirstStart {
    private FirstStart() {}

    /**
     * Asks the other members, as far as they answer.
     *
     * @param groups how many groups this node's settings name
     * @param log the directory of this node's log
     * @throws UsageFault if this node had a log before, or another member has other groups
     */
    static void check(ClusterSettings cluster, GroupSettings groups, KeyPair tls, Path log) throws IOException {
        if (hasBegun(log)) {
            return;
        }
        ClusterLink link = new ClusterLink(tls, cluster.members());
        for (Member other : cluster.members()) {
            if (other.id().equals(cluster.node())) {
                continue;
            }
            List<GroupStatus> theirs = status(link, other);
            groups.check(other.id(), theirs.stream().map(GroupStatus::group).toList());
            if (!cluster.join() && remember(theirs, cluster.node())) {
                throw new UsageFault("the log of " + cluster.node() + " is gone, and " + other.id()
                        + " remembers it: remove this member, and add it under a name that was never used");
            }
        }
    }

    private static boolean hasBegun(Path log) throws IOException {
        Path births = log.resolve("born");
        if (!Files.isDirectory(births)) {
            return false;
        }
        try (Stream<Path> all = Files.list(births)) {
            return all.findAny().isPresent();
        }
    }

    private static boolean remember(List<GroupStatus> groups, String node) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .anyMatch(each -> each.member().id().equals(node) && each.committed() > 0);
    }

    private static List<GroupStatus> status(ClusterLink link, Member asked) {
        try {
            return link.status(asked);
        } catch (IOException e) {
            return List.of(); // it does not run, or has not begun itself
        }
    }
}
