package dev.latchkey.cloud;

import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Retention;
import dev.latchkey.cloud.raft.Transport;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Settings;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node is told of the cluster that it is a member of. Immutable.
 *
 * @param node this node's name
 * @param listen where to listen for the other members
 * @param join whether the node joins a cluster that runs, and is added there, rather than beginning one with the others
 * @param retention how much of the log the node keeps
 * @param clockTolerance by how much members' clocks may differ
 * @param members all members, this node among them
 */
public record ClusterSettings(
        String node,
        HostPort listen,
        boolean join,
        Retention retention,
        Duration clockTolerance,
        List<Member> members) {
    /** Half of what a block's time may be ahead of the clock of whoever signs it. */
    static final Duration USUAL_TOLERANCE = Duration.ofSeconds(30);

    /** As many as a vote still ends soon with. */
    static final int MAX_MEMBERS = 9;

    private static final String NAME = "[a-z0-9][a-z0-9._-]{0,31}";

    public ClusterSettings {
        members = List.copyOf(members);
    }

    /** Reads the section {@code cluster}; without a node's name in it the node is alone. */
    static Optional<ClusterSettings> of(Settings section) {
        List<Member> members = new ArrayList<>();
        for (Settings each : section.sections("members", "id", "address", "api", "key")) {
            members.add(member(each));
        }
        Optional<String> node = section.optionalString("node");
        if (node.isEmpty()) {
            if (!members.isEmpty()) {
                throw section.fault("node", "must say which of the members this node is");
            }
            return Optional.empty();
        }
        requireDistinct(section, members);
        Member self = members.stream()
                .filter(member -> member.id().equals(node.get()))
                .findFirst()
                .orElseThrow(() -> section.fault("node", "must be the id of one of the members"));
        HostPort listen = section.optionalAddress("listen").orElseGet(() -> HostPort.parse(self.address()));
        if (listen.address().isUnresolved()) {
            throw section.fault("listen", "is a host name that nobody knows");
        }
        Duration tolerance = section.duration("clock-tolerance", Duration.ofSeconds(2), Duration.ofSeconds(60));
        return Optional.of(
                new ClusterSettings(node.get(), listen, section.bool("join"), retention(section), tolerance, members));
    }

    private static Retention retention(Settings section) {
        return new Retention(
                section.integer("snapshot-entries", 10, 10_000_000),
                section.integer("kept-entries", 0, 10_000_000),
                section.bytes("segment-size", 64L << 10, 64L << 20));
    }

    private static Member member(Settings section) {
        String id = section.string("id");
        if (!id.matches(NAME)) {
            throw section.fault("id", "must be 1 to 32 of a-z 0-9 . _ - and begin with a letter or digit");
        }
        CoseKey key = PublicKeys.key(section.string("key"))
                .orElseThrow(() -> section.fault("key", "must be a public key, as `latchkey operator key` prints it"));
        return new Member(
                id,
                section.address("address").toString(),
                section.address("api").toString(),
                PublicKeys.text(key));
    }

    private static void requireDistinct(Settings section, List<Member> members) {
        if (members.size() > MAX_MEMBERS) {
            throw section.fault("members", "are at most " + MAX_MEMBERS);
        }
        Set<String> seen = new HashSet<>();
        for (Member member : members) {
            for (String part : List.of("id " + member.id(), "address " + member.address(), "key " + member.key())) {
                if (!seen.add(part)) {
                    throw section.fault("members", "name one " + part + " twice");
                }
            }
        }
    }

    /** This node. */
    Member self() {
        return members.stream()
                .filter(member -> member.id().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** How the node with this TLS key reaches the others. */
    Transport transport(KeyPair tls) {
        if (!self().key().equals(PublicKeys.text(tls.publicKey()))) {
            throw new UsageFault("cluster.members: the key of " + node + " is not the public half of tls-key");
        }
        return new Transport(
                self(),
                listen.address().getAddress().getHostAddress(),
                listen.port(),
                join ? List.of() : members,
                members,
                retention,
                PinnedTls.keyManager(tls),
                welcome -> PinnedTls.trustManager(key -> welcome.test(PublicKeys.text(key))));
    }
}
