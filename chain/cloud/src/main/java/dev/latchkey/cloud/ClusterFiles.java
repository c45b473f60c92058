package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.operator.ClusterText;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of one member, with which {@code latchkey cluster} works. Immutable. */
final class ClusterFiles {
    private final ClusterSettings cluster;
    private final CloudSettings settings;
    private final KeyPair tls;

    private ClusterFiles(ClusterSettings cluster, CloudSettings settings, KeyPair tls) {
        this.cluster = cluster;
        this.settings = settings;
        this.tls = tls;
    }

    /** Reads the settings of a member, and its TLS key. */
    static ClusterFiles of(Path config) throws IOException {
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        ClusterSettings cluster = settings.cluster()
                .orElseThrow(() -> new UsageFault("the node is alone: latchkey cluster init makes it a member"));
        return new ClusterFiles(cluster, settings, KeyFile.read(settings.tlsKey()));
    }

    /** Speaks to the members of the settings. */
    ClusterLink link() {
        return new ClusterLink(tls, cluster.members());
    }

    /** What a member says itself of a group, if it answers. */
    Optional<GroupStatus> own(Member member, String group) {
        try {
            return link().status(member).stream()
                    .filter(each -> each.group().equals(group))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Refuses a name that a member has, or had as far as the settings know. */
    void requireNew(List<GroupStatus> groups, String node) {
        boolean taken =
                cluster.members().stream().anyMatch(member -> member.id().equals(node))
                        || groups.stream()
                                .flatMap(group -> group.members().stream())
                                .anyMatch(each -> each.member().id().equals(node));
        if (taken) {
            throw new UsageFault("a member has that name: " + node);
        }
    }

    /** Makes the directory of a further member. */
    void make(Path directory, String node, HostPort address, HostPort api) throws IOException {
        SecureRandom random = new SecureRandom();
        KeyPair newTls = KeyPair.generate(random);
        List<ClusterText.Node> nodes = new ArrayList<>();
        for (Member member : cluster.members()) {
            nodes.add(new ClusterText.Node(
                    member.id(), HostPort.parse(member.address()), HostPort.parse(member.api()), key(member)));
        }
        nodes.add(new ClusterText.Node(node, address, api, newTls.publicKey()));
        List<String> names = new ArrayList<>();
        Files.createDirectories(directory);
        for (Path genesis : settings.genesis()) {
            Path copy = directory.resolve(genesis.getFileName());
            Files.copy(genesis, copy);
            names.add("\"" + copy.getFileName() + "\"");
        }
        KeyFile.write(directory.resolve("replica.pem"), KeyPair.generate(random));
        KeyFile.write(directory.resolve("tls.pem"), newTls);
        String text = "listen = \"" + ClusterText.listen(api) + "\"\ndata = \"data\"\nreplica-key = \"replica.pem\"\n"
                + "tls-key = \"tls.pem\"\ngenesis = [" + String.join(", ", names) + "]\n" + groups() + "\n"
                + ClusterText.section(nodes, nodes.size() - 1, true);
        AtomicFile.write(directory.resolve("cloud.conf"), Bytes.utf8(text), AtomicFile.Mode.SHARED);
    }

    /** The groups, if they are not the usual ones: they are the same on all members. */
    private String groups() {
        GroupSettings groups = settings.groups();
        return groups.equals(GroupSettings.USUAL)
                ? ""
                : "groups { chains = " + groups.chains() + ", mailboxes = " + groups.mailboxes() + " }\n";
    }

    private static CoseKey key(Member member) {
        return PublicKeys.key(member.key()).orElseThrow();
    }
}
