package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.device.NewKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device keys}: public keys for an operator to endorse. */
@Command(
        name = "keys",
        header = "Print this device's public keys, for an operator to endorse.",
        description = {
            "Makes the keys if the directory has none; their private halves stay there. The line is one of the CSV file that"
                    + " latchkey operator endorse reads: name, signing key, key-agreement key, DTLS key, digest of the next signing key. The operator answers with a ticket for latchkey device join --ticket."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device keys --dir one --name d-one --header > keys.csv",
            "  latchkey device keys --dir two --name d-two >> keys.csv"
        },
        mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "the name that it shall have")
    private String name;

    @Option(names = "--header", description = "print the file's first line too")
    private boolean header;

    @Override
    public Integer call() throws IOException {
        MemberNames.checkPlain(name);
        NewKeys made = made();
        if (header) {
            System.out.println("name,sig,kex,dtls,next-key");
        }
        StringBuilder line = new StringBuilder(name);
        for (CoseKey key : made.keys().all()) {
            line.append(',').append(compressed(key));
        }
        System.out.println(line.append(',').append(made.nextKey().toHex()));
        return Cli.OK;
    }

    private NewKeys made() throws IOException {
        try {
            return NewKeys.in(directory, new SecureRandom());
        } catch (IOException e) {
            throw DeviceFault.of(directory, e);
        }
    }

    /** The compressed point (SEC 1, section 2.3.3) in hexadecimal. */
    private static String compressed(CoseKey key) {
        return (key.odd() ? "03" : "02") + key.x().toHex();
    }
}
