package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.KeyPurpose;
import dev.latchkey.proof.VerifiedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey device rotate}: new keys for the same member. */
@Command(
        name = "rotate",
        header = "Replace some of this device's keys by new ones.",
        description = {
            "A new signing key is the one that was committed to when the present one was taken; another one is made for the"
                    + " time after. What others sealed to the old key-agreement key is still opened. To repeat the command after a failure is safe: a change that is under way is finished first."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device rotate --dir one            (all three)",
            "  latchkey device rotate --dir one kex        (so that old readings stay secret if the key is stolen later)",
            "  latchkey device rotate --dir one sig dtls"
        },
        mixinStandardHelpOptions = true)
final class RotateCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Parameters(arity = "0..3", paramLabel = "KEY", description = "sig, kex, dtls (all three)")
    private List<String> which = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<KeyPurpose> wanted = wanted();
        try (OpenDevice open = OpenDevice.open(directory)) {
            VerifiedKey key = open.await(open.device().rotate(wanted));
            String names = wanted.toString().toLowerCase(Locale.ROOT);
            OwnRecord.print("rotated", names.substring(1, names.length() - 1), open.device(), key);
        }
        return Cli.OK;
    }

    private Set<KeyPurpose> wanted() {
        if (which.isEmpty()) {
            return EnumSet.allOf(KeyPurpose.class);
        }
        Set<KeyPurpose> wanted = EnumSet.noneOf(KeyPurpose.class);
        for (String word : which) {
            try {
                wanted.add(KeyPurpose.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageFault("a key is sig, kex or dtls, not " + word);
            }
        }
        return wanted;
    }
}
