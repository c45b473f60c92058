package dev.latchkey.cloud.operator;

import dev.latchkey.console.Cli;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.PolicyChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator sign}. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a transaction that others prepared, and adds one operator's signature.",
            "Needs nothing but file and key, so that the key may stay on a machine without a network."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator sign policy-seattle-1.part \\",
            "      --key operator-2/operator.pem",
            "  latchkey operator sign recover-d-one.part --member new-keys"
        })
final class SignCommand implements Callable<Integer> {
    /** Who signs. */
    static final class Who {
        @Option(names = "--key", required = true, paramLabel = "FILE", description = "An operator's key.")
        private Path key;

        @Option(
                names = "--member",
                required = true,
                paramLabel = "DIR",
                description = "The new keys that the transaction brings: sig and dtls sign.")
        private Path member;
    }

    @Parameters(paramLabel = "FILE", description = "The part; the signature is added to it.")
    private Path file;

    @ArgGroup(multiplicity = "1")
    private Who who;

    @Option(names = "--yes", description = "Sign without asking.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        PartTransaction part = PartFile.read(file);
        Hand hand = hand();
        Wording.of(part)
                .all(
                        "signed",
                        part.signatures().keySet().stream().map(KeyId::toString).toList())
                .all("signed by", List.of(hand.toString()))
                .print(System.out);
        if (!Consent.given(yes, "sign?")) {
            System.out.println("nothing was signed");
            return Cli.FAILED;
        }
        PartFile.write(hand.pen().apply(part), file);
        System.out.println("wrote " + file);
        System.out.println("next, when enough have signed");
        boolean loss = part.transaction() instanceof PolicyChange change
                && change.cut().isPresent();
        System.out.println(
                loss
                        ? "  ./latchkey restore BACKUP --config FILE --accept-loss " + file
                        : "  ./latchkey operator submit " + file + " --dir DIR");
        return Cli.OK;
    }

    private Hand hand() throws IOException {
        if (who.member != null) {
            return Hand.of("member " + who.member, IdentityDirectory.load(who.member));
        }
        KeyPair pair = KeyFile.read(who.key);
        return Hand.of("operator " + who.key, pair);
    }
}
