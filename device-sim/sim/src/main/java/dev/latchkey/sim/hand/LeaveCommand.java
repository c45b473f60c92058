package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device leave}: ends the membership. */
@Command(
        name = "leave",
        header = "Leave the network: the name stays taken, the keys are current no more.",
        description = {
            "There is no way back from here: what waits for this device cannot be fetched any more, so receive first"
                    + " (latchkey device recv). Records of a member stay on the chain for ever."
        },
        footer = {"", "Examples:", "  latchkey device leave --dir one --yes"},
        mixinStandardHelpOptions = true)
final class LeaveCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(names = "--yes", description = "leave, without this nothing is done")
    private boolean sure;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!sure) {
            throw new UsageFault("to leave is for ever: add --yes");
        }
        try (OpenDevice open = OpenDevice.open(directory)) {
            String name = open.device().name();
            String chain = open.device().chainName();
            open.await(open.device().leave());
            System.out.println(name + " has left " + chain + "; " + directory + " is of no further use");
        }
        return Cli.OK;
    }
}
