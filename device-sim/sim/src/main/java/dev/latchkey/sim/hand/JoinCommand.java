package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Device;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey device join}: new keys, a name on the chain. */
@Command(
        name = "join",
        header = "Join a network by an operator's voucher or ticket.",
        description = {
            "The keys are made here and never leave the directory. The join is done when the gateway has verified its"
                    + " block and this device has checked the receipt. To repeat the command after a failure is safe.",
            "",
            "With --delegated a gateway whose cloud is away may take the join on its own word, where its operator allows that."
                    + " The device may then exchange readings with others at that gateway, with --delegated on both sides, until the chain has decided: to repeat the command tells."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device join --hand-over net/voucher-1 --name d-one --dir one",
            "  latchkey device join --hand-over net/voucher-1 --dir two    (a random name)",
            "  latchkey device join --ticket d-three.ticket --dir three"
        },
        mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Right right;

    /** What the operator gave. */
    static final class Right {
        @Option(names = "--hand-over", paramLabel = "FILE", description = "the voucher from the operator")
        private Path handOverFile;

        @Option(
                names = "--ticket",
                paramLabel = "FILE",
                description = "the operator's answer to the keys of this directory (latchkey device keys)")
        private Path ticketFile;
    }

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "the name to take, for ever on the chain: name a device, not a person (random)")
    private String name;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory, made now")
    private Path directory;

    @Mixin
    private VerificationOption verification;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name != null && !Names.isValid(name)) {
            throw new UsageFault("a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit: " + name);
        }
        if (name != null && right.ticketFile != null) {
            throw new UsageFault("a ticket says the name itself: leave --name out");
        }
        long began = System.nanoTime();
        try (OpenDevice open = begun()) {
            String took = Units.text(Duration.ofNanos(System.nanoTime() - began));
            Device device = open.device();
            if (device.isProvisional()) {
                printProvisional(device, took);
                return Cli.OK;
            }
            VerifiedKey self = open.await(device.key(device.name()));
            new Table()
                    .row("joined", device.chainName() + " as " + device.name())
                    .row("record", "in block " + device.recordHeight() + ", receipt checked, in " + took)
                    .row("gateway", device.gatewayName() + " at " + device.gatewayAddress())
                    .row("signing key", self.record().keys().sig().kid())
                    .row("directory", directory)
                    .print(System.out);
        }
        return Cli.OK;
    }

    private void printProvisional(Device device, String took) {
        new Table()
                .row("taken", device.chainName() + " as " + device.name() + ", provisionally, in " + took)
                .row("record", "none yet: the gateway cannot reach its cloud, and asks the chain when it can")
                .row("gateway", device.gatewayName() + " at " + device.gatewayAddress())
                .row("directory", directory)
                .print(System.out);
    }

    private OpenDevice begun() throws IOException, InterruptedException {
        if (right.ticketFile != null) {
            JoinTicket ticket = HandOverFile.readTicket(right.ticketFile);
            if (!Files.isRegularFile(directory.resolve("sig.pem"))) {
                throw new UsageFault("no keys in " + directory
                        + "; a ticket is for keys that were made before: latchkey device keys --dir " + directory);
            }
            return OpenDevice.join(directory, ticket, verification.mode());
        }
        HandOver handOver = HandOverFile.read(right.handOverFile);
        return OpenDevice.join(
                directory, handOver, name == null ? DeviceNames.random(new SecureRandom()) : name, verification.mode());
    }
}
