package dev.latchkey.cloud.operator;

import dev.latchkey.cloud.export.NodeRefusalException;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey operator chain}. */
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description = {
            "Begins a further sub-network at the running cloud, with the operators, replicas, limits and gateway of the"
                    + " first one. It and those of network.conf become siblings, between which members may move.",
            "Adds it to network.conf and gateway.conf."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator chain --dir net/operator --name tacoma",
            "  latchkey operator chain --dir net/operator --name tacoma --moves-in \\",
            "      --own-admin"
        })
final class ChainCommand implements Callable<Integer> {
    private static final int SERVER_ERROR = 500;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The new sub-network's name.")
    private String name;

    @Option(
            names = "--gateway-dir",
            paramLabel = "DIR",
            description = "The first gateway's directory (default: gateway beside the operator's).")
    private Path gatewayDirectory;

    @Option(
            names = "--own-admin",
            description = "Make an admin of its own, in admin-NAME; otherwise the admin at hand is its admin too.")
    private boolean ownAdmin;

    @Option(names = "--moves-in", description = "Members move between the siblings without an admin, both ways.")
    private boolean movesIn;

    @Mixin
    private SigningOptions options;

    @Override
    public Integer call() throws IOException {
        OperatorFiles files = OperatorFiles.read(options.directory());
        requireNew(files);
        List<Desk> desks = new ArrayList<>();
        for (NetworkChain chain : files.chains()) {
            desks.add(Desk.open(options, files, chain));
        }
        NewChain made = new NewChain(
                name, desks, admin(files), gateway(), movesIn, Clock.systemUTC().millis());
        Ceremony ceremony = new Ceremony(options, System.out);
        Proposal beginning = made.beginning();
        List<Proposal> siblings = new ArrayList<>();
        for (Desk desk : desks) {
            siblings.add(made.sibling(desk));
        }
        List<Proposal> all = new ArrayList<>(List.of(beginning));
        all.addAll(siblings);
        all.forEach(ceremony::requireRoom);
        all.forEach(ceremony::show);
        if (ceremony.agreed()) {
            begin(made, beginning, ceremony);
            for (int i = 0; i < desks.size(); i++) {
                ceremony.carryOut(desks.get(i), siblings.get(i));
            }
            sayNext(System.out);
        }
        return ceremony.exitCode();
    }

    /** Its place in network.conf comes before the siblings' policies: from then on other verbs can go on with it. */
    private void begin(NewChain made, Proposal beginning, Ceremony ceremony) throws IOException {
        if (beginning.missing() > 0) {
            ceremony.carryOut(made.desks().get(0), beginning);
            OperatorFiles.add(options.directory(), made.chain());
            return;
        }
        try {
            made.desks().get(0).link().found(beginning.signed().finish());
        } catch (IOException e) {
            throw unlessRefused(e, made);
        }
        OperatorFiles.add(options.directory(), made.chain());
        System.out.println("done: sub-network " + name + " has begun, chain id "
                + made.chain().id().toHex());
        Path settings = gatewayDirectory().resolve("gateway.conf");
        if (Files.exists(settings)) {
            OperatorFiles.append(settings, made.chain());
            System.out.println("added to " + settings
                    + ": start the gateway again, or have it read its list of chains while it runs"
                    + " (latchkey admin config unset chains)");
        }
    }

    /** Without an answer it may have begun all the same, and its id, which holds the moment, would be lost. */
    private IOException unlessRefused(IOException failure, NewChain made) throws IOException {
        if (failure instanceof NodeRefusalException refusal && refusal.status() < SERVER_ERROR) {
            return failure;
        }
        OperatorFiles.add(options.directory(), made.chain());
        return new IOException(
                failure.getMessage() + "; sub-network " + name
                        + " may have begun all the same, so network.conf names it: if"
                        + " `latchkey operator status --chain " + name
                        + "` does not find it, take it out there and begin"
                        + " again, else go on with `latchkey operator policy change --add-sibling " + name + "`",
                failure);
    }

    private void requireNew(OperatorFiles files) {
        if (!Names.isValid(name)) {
            throw new UsageFault("--name must be 1 to 32 of a-z 0-9 . _ - and begin with a letter or digit: " + name);
        }
        if (files.chains().stream().anyMatch(chain -> chain.name().equals(name))) {
            throw new UsageFault("network.conf names a sub-network " + name + " already; if it is no sibling yet:"
                    + " `latchkey operator policy change --add-sibling " + name + "`");
        }
        if (options.chain().isPresent()) {
            throw new UsageFault("--chain names a sub-network that there is; the new one's name is --name");
        }
        if (options.part().isPresent()) {
            throw new UsageFault("--part names one file, and a new sub-network takes several transactions");
        }
    }

    private Identity admin(OperatorFiles files) throws IOException {
        Path keys = ownAdmin ? files.ownAdminKeys(name) : files.adminKeys();
        if (ownAdmin && !Files.isDirectory(keys)) {
            return IdentityDirectory.create(keys, new SecureRandom());
        }
        if (!Files.isDirectory(keys)) {
            throw new UsageFault("no admin's keys in " + keys + "; --own-admin makes new ones");
        }
        return IdentityDirectory.load(keys);
    }

    private Identity gateway() throws IOException {
        Path keys = gatewayDirectory().resolve("keys");
        if (!Files.isDirectory(keys)) {
            throw new UsageFault("a sub-network begins with a gateway, and its keys are not in " + keys
                    + "; name its directory with --gateway-dir");
        }
        return IdentityDirectory.load(keys);
    }

    private Path gatewayDirectory() {
        return gatewayDirectory != null
                ? gatewayDirectory
                : options.directory().toAbsolutePath().normalize().resolveSibling("gateway");
    }

    private void sayNext(PrintStream out) {
        out.println("next");
        out.println("  ./latchkey operator voucher --dir " + options.directory() + " --chain " + name
                + " --out voucher-" + name);
    }
}
