package dev.latchkey.cloud.operator;

import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Prints the public half of a key file, as a policy takes it; with --new it makes the file first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator key operator-3/operator.pem --new",
            "  latchkey operator key net/cloud/replica.pem"
        })
final class KeyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The key file.")
    private Path file;

    @Option(names = "--new", description = "Make it; it must not exist.")
    private boolean make;

    @Override
    public Integer call() throws IOException {
        if (make) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new UsageFault("the file is there already, nothing was written: " + file);
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            KeyFile.write(file, KeyPair.generate(new SecureRandom()));
        }
        KeyPair pair = KeyFile.read(file);
        System.out.println("public key " + PublicKeys.text(pair.publicKey()));
        System.out.println("key id     " + pair.publicKey().kid());
        return 0;
    }
}
