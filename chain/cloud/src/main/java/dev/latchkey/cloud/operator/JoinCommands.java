package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator gateway}, {@code admin} and {@code auditor}: who joins by operators' signatures. */
abstract class JoinCommands implements Callable<Integer> {
    private static final long FIRST_SEQUENCE = 1;

    @Parameters(paramLabel = "NAME", description = "Its name on the chain.")
    private String name;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Directory to make; one that an earlier try made is taken up again.")
    private Path directory;

    @Mixin
    private SigningOptions options;

    abstract Role role();

    /** Where its keys are. */
    abstract Path keys(Path directory);

    /** Writes what it needs beside its keys, and says what comes next. */
    abstract void equip(OperatorFiles files, Path directory) throws IOException;

    abstract void sayNext(Path directory, PrintStream out);

    String name() {
        return name;
    }

    SigningOptions options() {
        return options;
    }

    @Override
    public Integer call() throws IOException {
        if (!Names.isValid(name)) {
            throw new UsageFault("a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit: " + name);
        }
        OperatorFiles files = OperatorFiles.read(options.directory());
        List<NetworkChain> chains =
                options.chain().isPresent() ? List.of(files.chain(options.chain())) : files.chains();
        if (chains.size() > 1 && options.part().isPresent()) {
            throw new UsageFault("--part names one file, and there are " + chains.size()
                    + " sub-networks: name one of them with --chain");
        }
        List<Desk> desks = new ArrayList<>();
        for (NetworkChain chain : chains) {
            desks.add(Desk.open(options, files, chain));
        }
        Identity identity = identity();
        equip(files, directory);
        Ceremony ceremony = new Ceremony(options, System.out);
        List<Proposal> proposals = new ArrayList<>();
        for (Desk desk : desks) {
            proposals.add(proposal(desk, identity));
        }
        proposals.forEach(ceremony::requireRoom);
        proposals.forEach(ceremony::show);
        if (ceremony.agreed()) {
            for (int i = 0; i < desks.size(); i++) {
                ceremony.carryOut(desks.get(i), proposals.get(i));
            }
            sayNext(directory, System.out);
        }
        return ceremony.exitCode();
    }

    /** Keys of an earlier try are used again: a refused join may be sent again, an applied one gives its receipt. */
    private Identity identity() throws IOException {
        Path keys = keys(directory);
        return Files.isDirectory(keys)
                ? IdentityDirectory.load(keys)
                : IdentityDirectory.create(keys, new SecureRandom());
    }

    private Proposal proposal(Desk desk, Identity identity) throws IOException {
        Join join = new Join(name, FIRST_SEQUENCE, role(), identity.keys(), Optional.empty(), Optional.empty());
        PartTransaction part = desk.unsigned(join);
        Hand member = Hand.of("its new keys", identity);
        String stem = role().name().toLowerCase(Locale.ROOT) + "-" + name + "-"
                + desk.chain().name();
        return desk.byOperators(part, Wording.of(part), List.of(member), stem);
    }

    @Command(
            name = "gateway",
            mixinStandardHelpOptions = true,
            description =
                    "Makes keys and settings of a further gateway, and takes it into every sub-network, or into the"
                            + " one that --chain names.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey operator gateway gateway-2 --dir net/operator \\",
                "      --listen gw2.example.org:5684 --out net/gateway-2"
            })
    static final class Gateway extends JoinCommands {
        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                defaultValue = "127.0.0.1:5684",
                description = "Where devices reach it (default: ${DEFAULT-VALUE}).")
        private HostPort listen;

        @Override
        Role role() {
            return Role.GATEWAY;
        }

        @Override
        Path keys(Path directory) {
            return directory.resolve("keys");
        }

        @Override
        void equip(OperatorFiles files, Path directory) throws IOException {
            List<HostPort> cloud = Desk.addresses(options(), files);
            List<NetworkChain> chains = options().chain().isPresent()
                    ? List.of(files.chain(options().chain()))
                    : files.chains();
            GatewayDirectory.write(directory, files.network(), chains, name(), listen, cloud, files.secret());
        }

        @Override
        void sayNext(Path directory, PrintStream out) {
            out.println("next");
            out.println("  ./latchkey gateway --config " + directory.resolve("gateway.conf"));
            out.println(
                    "  ./latchkey operator policy change --dir " + options().directory() + " --add-witness " + name());
            out.println("and give vouchers its address and key: the section `gateway` of network.conf");
        }
    }

    /** A directory that holds keys and nothing else. */
    abstract static class KeysOnly extends JoinCommands {
        @Override
        Path keys(Path directory) {
            return directory;
        }

        @Override
        void equip(OperatorFiles files, Path directory) {}

        @Override
        void sayNext(Path directory, PrintStream out) {
            out.println(directory + " holds secrets: hand it to nobody but " + name());
        }
    }

    @Command(
            name = "admin",
            mixinStandardHelpOptions = true,
            description = "Makes keys of a further admin, and takes it into every sub-network, or into the one that"
                    + " --chain names.",
            footerHeading = "%nExamples:%n",
            footer = "  latchkey operator admin admin-2 --dir net/operator --out net/admin-2")
    static final class Admin extends KeysOnly {
        @Override
        Role role() {
            return Role.ADMIN;
        }
    }

    @Command(
            name = "auditor",
            mixinStandardHelpOptions = true,
            description = "Makes keys of an auditor, who may read whole chains, and takes it into every sub-network, or"
                    + " into the one that --chain names.",
            footerHeading = "%nExamples:%n",
            footer = "  latchkey operator auditor auditor-1 --dir net/operator --out net/auditor-1")
    static final class Auditor extends KeysOnly {
        @Override
        Role role() {
            return Role.AUDITOR;
        }
    }
}
