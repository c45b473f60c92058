package dev.latchkey.sim.hand;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.RecoveryRequest;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.sim.network.HandOverFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device recovery-request}: new keys for a member that has lost all of them. */
@Command(
        name = "recovery-request",
        header = "Ask the operators for new keys, when all of a device's are lost.",
        description = {
            "Makes new keys in a new directory and writes a request that they sign. Operators add their signatures (latchkey"
                    + " operator recover NAME --request FILE). 72 hours later, if nobody who has the old keys objects, latchkey device adopt takes them up."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device recovery-request --dir new --hand-over net/voucher-1 \\",
            "      --name d-one --sequence 2 --out d-one.part"
        },
        mixinStandardHelpOptions = true)
final class RecoveryRequestCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "a new directory for the device")
    private Path directory;

    @Option(
            names = "--hand-over",
            required = true,
            paramLabel = "FILE",
            description = "any hand-over of the network; its voucher is not used")
    private Path handOverFile;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "the member's name")
    private String name;

    @Option(
            names = "--sequence",
            required = true,
            paramLabel = "N",
            description = "one more than its record's number, as latchkey operator status NAME shows it")
    private long sequence;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the request; must not exist")
    private Path out;

    @Override
    public Integer call() throws IOException {
        MemberNames.checkPlain(name);
        if (sequence < 2) {
            throw new UsageFault("--sequence must be 2 or more");
        }
        if (Files.exists(out)) {
            throw new UsageFault("the file is there already, nothing was written: " + out);
        }
        HandOver handOver = HandOverFile.read(handOverFile);
        try {
            PartTransaction request = RecoveryRequest.sign(directory, handOver, name, sequence, new SecureRandom());
            AtomicFile.write(out, Bytes.utf8(request.toText() + "\n"), AtomicFile.Mode.PRIVATE);
        } catch (DeviceException e) {
            throw DeviceFault.of(directory, e);
        }
        System.out.println("wrote " + out + "; give it to the operators:");
        System.out.println("  latchkey operator recover " + name + " --request " + out + " --dir OPERATOR-DIR");
        System.out.println("72 hours after they sent it:");
        System.out.println(
                "  latchkey device adopt --dir " + directory + " --hand-over " + handOverFile + " --name " + name);
        return Cli.OK;
    }
}
