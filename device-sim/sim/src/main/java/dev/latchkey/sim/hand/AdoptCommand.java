package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.device.Device;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device adopt}: takes up a member that has this directory's keys. */
@Command(
        name = "adopt",
        header = "Take up a member whose keys operators replaced by those of this directory.",
        description = {
            "To be run 72 hours after the operators asked for it (latchkey device recovery-request). The chain must prove"
                    + " that the keys in the directory are the member's."
        },
        footer = {"", "Examples:", "  latchkey device adopt --dir new --hand-over net/voucher-1 --name d-one"},
        mixinStandardHelpOptions = true)
final class AdoptCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the directory with the new keys")
    private Path directory;

    @Option(
            names = "--hand-over",
            required = true,
            paramLabel = "FILE",
            description = "any hand-over of the network; its voucher is not used")
    private Path handOverFile;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "the member's name")
    private String name;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.checkPlain(name);
        HandOver handOver = HandOverFile.read(handOverFile);
        try (OpenDevice open = OpenDevice.adopt(directory, handOver, name)) {
            Device device = open.device();
            OwnRecord.print("adopted", directory.toString(), device, open.await(device.key(device.name())));
        }
        return Cli.OK;
    }
}
