package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Device;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device join}: new keys, a name on the chain. */
@Command(
        name = "join",
        header = "Make keys and join a network by an operator's voucher.",
        description = {
            "The keys are made here and never leave the directory. The join is done when the gateway has verified its"
                    + " block and this device has checked the receipt. To repeat the command after a failure is safe."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device join --hand-over net/voucher-1 --name d-one --dir one",
            "  latchkey device join --hand-over net/voucher-1 --dir two    (a random name)"
        },
        mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {
    @Option(names = "--hand-over", required = true, paramLabel = "FILE", description = "the file from the operator")
    private Path handOverFile;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "the name to take, for ever on the chain: name a device, not a person (random)")
    private String name;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory, made now")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name != null && !Names.isValid(name)) {
            throw new UsageFault("a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit: " + name);
        }
        HandOver handOver = HandOverFile.read(handOverFile);
        String chosen = name == null ? DeviceNames.random(new SecureRandom()) : name;
        long began = System.nanoTime();
        try (OpenDevice open = OpenDevice.join(directory, handOver, chosen)) {
            String took = Units.text(Duration.ofNanos(System.nanoTime() - began));
            Device device = open.device();
            VerifiedKey self = OpenDevice.await(device.key(device.name()));
            new Table()
                    .row("joined", device.chainName() + " as " + device.name())
                    .row("record", "in block " + device.recordHeight() + ", receipt checked, in " + took)
                    .row(
                            "gateway",
                            device.gatewayName() + " at " + handOver.gatewayHost() + ":" + handOver.gatewayPort())
                    .row("signing key", self.record().keys().sig().kid())
                    .row("directory", directory)
                    .print(System.out);
        }
        return Cli.OK;
    }
}
