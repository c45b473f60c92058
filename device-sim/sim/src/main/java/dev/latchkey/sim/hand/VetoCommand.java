package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.proof.VerifiedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device veto}: objects to a recovery by operators. */
@Command(
        name = "veto",
        header = "Object to a recovery of this device that operators asked for.",
        description = {
            "Operators can give a member new keys, 72 hours after they asked for it. Until then the device itself can object;"
                    + " it keeps its keys."
        },
        footer = {"", "Examples:", "  latchkey device veto --dir one"},
        mixinStandardHelpOptions = true)
final class VetoCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (OpenDevice open = OpenDevice.open(directory)) {
            VerifiedKey key = open.await(open.device().veto());
            OwnRecord.print("objected", "the recovery that waited is over", open.device(), key);
        }
        return Cli.OK;
    }
}
