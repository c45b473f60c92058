package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
     * @param log the directory of this node's log
     * @throws UsageFault if this node had a log before
     */
    static void check(ClusterSettings cluster, KeyPair tls, Path log) throws IOException {
        if (cluster.join() || hasBegun(log)) {
            return;
        }
        ClusterLink link = new ClusterLink(tls, cluster.members());
        for (Member other : cluster.members()) {
            if (!other.id().equals(cluster.node()) && remembers(link, other, cluster.node())) {
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

    private static boolean remembers(ClusterLink link, Member asked, String node) {
        try {
            for (GroupStatus group : link.status(asked)) {
                for (GroupStatus.MemberStatus each : group.members()) {
                    if (each.member().id().equals(node) && each.committed() > 0) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            return false; // it does not run, or has not begun itself
        }
    }
}
