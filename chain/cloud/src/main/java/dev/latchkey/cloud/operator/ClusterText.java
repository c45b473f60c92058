package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import dev.latchkey.cose.CoseKey;
import java.util.List;

/** The section {@code cluster} of a cloud node's settings. Stateless. */
public final class ClusterText {
    private ClusterText() {}

    /**
     * One member.
     *
     * @param id its name
     * @param address where others reach its log
     * @param api where its HTTPS API is reached
     * @param key its TLS key
     */
    public record Node(String id, HostPort address, HostPort api, CoseKey key) {}

    /** The section for one of the members. */
    public static String section(List<Node> members, int self, boolean join) {
        StringBuilder text = new StringBuilder();
        text.append("# The members of the cluster; this node is one of them.\n");
        text.append("cluster {\n  node = ").append(members.get(self).id()).append('\n');
        text.append("  listen = \"")
                .append(GatewayDirectory.listen(members.get(self).address()))
                .append("\"\n");
        if (join) {
            text.append("  # Taken in by `latchkey cluster add`.\n  join = true\n");
        }
        text.append("  members = [\n");
        for (Node each : members) {
            text.append("    ").append(line(each)).append('\n');
        }
        return text.append("  ]\n}\n\n").toString();
    }

    /** Where to listen, given where others reach it. */
    public static String listen(HostPort reached) {
        return GatewayDirectory.listen(reached);
    }

    /** One member as a line of the list. */
    public static String line(Node member) {
        return "{ id = \"" + member.id() + "\", address = \"" + member.address() + "\", api = \"" + member.api()
                + "\", key = \"" + PublicKeys.text(member.key()) + "\" }";
    }
}
