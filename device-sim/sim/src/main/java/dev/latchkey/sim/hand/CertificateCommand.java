package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey consumer certificate}: the certificate with which other programs, curl say, speak as a member. */
@Command(
        name = "certificate",
        header = "Write a member's TLS certificate, so that curl and others can speak as it.",
        description = {
            "The certificate is made from the key dtls.pem in the directory, which is a PKCS #8 file, mode 0600, that"
                    + " curl takes as it is. Works for every directory with such a key: of a consumer, a device, a gateway"
                    + " or an admin."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey consumer certificate --dir app --out app/client.pem",
            "  curl -k --cert app/client.pem --key app/dtls.pem https://127.0.0.1:9443/v1/chains"
        },
        mixinStandardHelpOptions = true)
final class CertificateCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the directory with dtls.pem")
    private Path directory;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "where to write the certificate")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path key = directory.resolve("dtls.pem");
        if (!Files.isRegularFile(key)) {
            throw new UsageFault("no key in " + directory + ": there is no dtls.pem");
        }
        KeyPair dtls = KeyFile.read(key);
        AtomicFile.write(out, KeyFile.certificate(dtls), AtomicFile.Mode.SHARED);
        new Table().row("certificate", out).row("key", key).print(System.out);
        return Cli.OK;
    }
}
