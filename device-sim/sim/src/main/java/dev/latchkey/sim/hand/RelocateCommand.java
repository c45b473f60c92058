package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Device;
import dev.latchkey.proof.VerifiedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device relocate}: the same member in another sub-network. */
@Command(
        name = "relocate",
        header = "Move this device to another sub-network of the same network.",
        description = {
            "Keys and mailbox stay: what was sent to the device before, is sent meanwhile and is sent to its old name later"
                    + " arrives. The device's gateway must serve both sub-networks, and the other one must take members in (latchkey operator chain --moves-in).",
            "",
            "A move that was cut short is brought to its end by the next command on the directory, whatever it is. If the other"
                    + " sub-network does not take the device in before the deadline, it stays where it was."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  the device is a member of the other sub-network",
            "  1  it is not, or not yet: the message says what to do",
            "",
            "Examples:",
            "  latchkey device relocate --dir one --to tacoma",
            "  latchkey device relocate --dir one --to tacoma --name d-one-t --within 5m"
        },
        mixinStandardHelpOptions = true)
final class RelocateCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofHours(1);

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(names = "--to", required = true, paramLabel = "CHAIN", description = "the other sub-network's name")
    private String chain;

    @Option(names = "--name", paramLabel = "NAME", description = "the name to have there (the same)")
    private String name;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            defaultValue = "15m",
            description = "time for the move, with its unit, at most 1h (15m)")
    private Duration within;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.checkPlain(chain);
        if (name != null) {
            MemberNames.checkPlain(name);
        }
        if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
            throw new UsageFault("--within must be more than nothing and at most 1h");
        }
        try (OpenDevice open = OpenDevice.open(directory)) {
            Device device = open.device();
            // A move that was cut short may have come to its end just now.
            VerifiedKey key = device.chainName().equals(chain)
                    ? open.await(device.key(device.name()))
                    : open.await(device.relocate(chain, name == null ? device.name() : name, within));
            OwnRecord.print("moved to", device.chainName(), device, key);
        }
        return Cli.OK;
    }
}
