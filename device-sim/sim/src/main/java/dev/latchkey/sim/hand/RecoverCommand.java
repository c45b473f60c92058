package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.proof.VerifiedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device recover}: the next key takes the member back. */
@Command(
        name = "recover",
        header = "Take three new keys by the next key alone, when the present ones may be known to others.",
        description = {
            "The next key was committed to when the device joined or rotated, and signs for it now: whoever else holds the"
                    + " present keys is shut out, at once. Readings that were sent with the old keys and not opened yet are refused by their recipients. To repeat the command after a failure is safe."
        },
        footer = {"", "Examples:", "  latchkey device recover --dir one"},
        mixinStandardHelpOptions = true)
final class RecoverCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory, with next.pem")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (OpenDevice open = OpenDevice.open(directory)) {
            VerifiedKey key = open.await(open.device().recover());
            OwnRecord.print("recovered", "sig, kex, dtls", open.device(), key);
        }
        return Cli.OK;
    }
}
