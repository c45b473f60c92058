package dev.latchkey.cloud;

import dev.latchkey.cloud.operator.ClusterText;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey cluster}: members of a cluster of cloud nodes, one at a time. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Shows and changes the members of a cluster of cloud nodes, one at a time, with a node's own files."
                        + " Exit codes: 0 done, 1 refused or failed, 2 wrong command.")
final class ClusterCommand {
    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Makes a node that is alone the first member of a cluster: writes that into its settings, for"
                    + " its next start.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey cluster init --config net/cloud/cloud.conf \\",
                "      --address a.example.org:10443 --api a.example.org:9443"
            })
    int init(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "The node's settings.")
                    Path config,
            @Option(
                            names = "--address",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "Where other members will reach its log.")
                    HostPort address,
            @Option(
                            names = "--api",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "Where its HTTPS API is reached.")
                    HostPort api)
            throws IOException {
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        if (settings.cluster().isPresent()) {
            throw new UsageFault("the node is a member of a cluster already: " + config);
        }
        KeyPair tls = KeyFile.read(settings.tlsKey());
        String section = ClusterText.section(
                List.of(new ClusterText.Node(RaftNode.FIRST, address, api, tls.publicKey())), 0, false);
        Files.writeString(config, "\n" + section, StandardOpenOption.APPEND);
        System.out.println(
                "written to " + config + ": this node is " + RaftNode.FIRST + ", alone until others are added");
        System.out.println("next");
        System.out.println("  start it again, then latchkey cluster add");
        return Cli.OK;
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Shows each group's leader and how far each member is. Exit code 1 if a group has no leader or"
                            + " a member does not answer.",
            footerHeading = "%nExamples:%n",
            footer = {"  latchkey cluster status --config net/cloud-1/cloud.conf"})
    int status(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "A node's settings.")
                    Path config)
            throws IOException {
        ClusterFiles files = ClusterFiles.of(config);
        boolean well = true;
        Table table = new Table("group", "member", "api", "role", "committed", "behind", "silent");
        for (GroupStatus group : files.link().led()) {
            for (GroupStatus.MemberStatus each : group.members()) {
                Optional<GroupStatus> own = files.own(each.member(), group.group());
                well &= own.isPresent();
                long at = own.map(GroupStatus::applied).orElse(each.committed());
                table.row(
                        group.group(),
                        each.member().id(),
                        each.member().api(),
                        own.map(GroupStatus::role).orElse("no answer"),
                        at + 1,
                        Math.max(0, group.committed() - at),
                        each.silentMillis() < 0 ? "" : each.silentMillis() + " ms");
            }
        }
        table.print(System.out);
        return well ? Cli.OK : Cli.FAILED;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Adds a member. The first time it makes the new node's directory, with keys and settings; once the node"
                        + " runs, the same command takes it in, and it counts when it has caught up.",
                "A node that lost its disk is removed and comes back under a name that was never used."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey cluster add --config net/cloud/cloud.conf --node n2 \\",
                "      --address b.example.org:10443 --api b.example.org:9443 \\",
                "      --dir net/cloud-2"
            })
    int add(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "A member's settings.")
                    Path config,
            @Option(names = "--node", required = true, paramLabel = "NAME", description = "The new node's name.")
                    String node,
            @Option(
                            names = "--address",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "Where other members will reach its log.")
                    HostPort address,
            @Option(
                            names = "--api",
                            required = true,
                            paramLabel = "HOST:PORT",
                            description = "Where its HTTPS API will be reached.")
                    HostPort api,
            @Option(
                            names = "--dir",
                            required = true,
                            paramLabel = "DIR",
                            description = "The new node's directory, which is made if it is not there.")
                    Path directory)
            throws IOException {
        ClusterFiles files = ClusterFiles.of(config);
        ClusterLink link = files.link();
        List<GroupStatus> groups = link.led();
        if (!Files.exists(directory)) {
            files.requireNew(groups, node);
            files.make(directory, node, address, api);
            System.out.println("made " + directory + ": keys and settings of " + node);
            System.out.println("next");
            System.out.println("  ./latchkey cloud --config " + directory.resolve("cloud.conf"));
            System.out.println("  and, when it runs, this command again");
            printPolicyChange(directory);
            return Cli.OK;
        }
        KeyPair tls = KeyFile.read(directory.resolve("tls.pem"));
        Member member = new Member(node, address.toString(), api.toString(), PublicKeys.text(tls.publicKey()));
        link.status(member); // it must run: a member that does not would be waited for
        for (GroupStatus group : groups) {
            link.add(group, member);
            System.out.println("added to " + group.group());
        }
        System.out.println("for `members` in the settings of every node");
        System.out.println("  " + ClusterText.line(new ClusterText.Node(node, address, api, tls.publicKey())));
        return Cli.OK;
    }

    private static void printPolicyChange(Path directory) throws IOException {
        System.out.println("  then, so that it signs and others talk to it, on an operator's machine");
        System.out.println("  ./latchkey operator policy change --dir net/operator --add-replica "
                + PublicKeys.text(KeyFile.read(directory.resolve("replica.pem")).publicKey())
                + ","
                + PublicKeys.text(KeyFile.read(directory.resolve("tls.pem")).publicKey()));
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes a member, which may run or not. Its name is never used again.",
            footerHeading = "%nExamples:%n",
            footer = {"  latchkey cluster remove --config net/cloud-1/cloud.conf --node n3"})
    int remove(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "A member's settings.")
                    Path config,
            @Option(names = "--node", required = true, paramLabel = "NAME", description = "The member.") String node)
            throws IOException {
        ClusterLink link = ClusterFiles.of(config).link();
        List<GroupStatus> groups = link.led();
        requireMember(groups, node);
        for (GroupStatus group : groups) {
            if (group.members().size() == 1) {
                throw new UsageFault("the last member cannot be removed");
            }
            link.remove(group, node);
            System.out.println("removed from " + group.group());
        }
        System.out.println("strike it from `members` in the settings of every node");
        return Cli.OK;
    }

    @Command(
            name = "transfer",
            mixinStandardHelpOptions = true,
            description = "Hands the lead of every group to a member, for instance before another one is stopped.",
            footerHeading = "%nExamples:%n",
            footer = {"  latchkey cluster transfer --config net/cloud-1/cloud.conf --node n2"})
    int transfer(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "A member's settings.")
                    Path config,
            @Option(names = "--node", required = true, paramLabel = "NAME", description = "The member.") String node)
            throws IOException {
        ClusterLink link = ClusterFiles.of(config).link();
        List<GroupStatus> groups = link.led();
        requireMember(groups, node);
        for (GroupStatus group : groups) {
            if (!group.leader().orElse("").equals(node)) {
                link.transfer(group, node);
            }
            link.keep(group, node);
            System.out.println(node + " leads " + group.group());
        }
        return Cli.OK;
    }

    private static void requireMember(List<GroupStatus> groups, String node) {
        boolean known = groups.stream()
                .flatMap(group -> group.members().stream())
                .anyMatch(each -> each.member().id().equals(node));
        if (!known) {
            throw new UsageFault("there is no member of that name: " + node);
        }
    }
}
