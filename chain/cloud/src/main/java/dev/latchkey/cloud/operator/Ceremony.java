package dev.latchkey.cloud.operator;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How everything is signed: shown, agreed to, signed, sent, receipted. Where signatures are missing it ends with a file for
 * the next signer. For one thread.
 */
final class Ceremony {
    /** How long a member may object to a recovery by operators, in header time. */
    private static final Duration OBJECTION = Duration.ofHours(72);

    private final SigningOptions options;
    private final PrintStream out;
    private boolean declined;

    Ceremony(SigningOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Shows a proposal, and what signs it. */
    void show(Proposal proposal) {
        proposal.wording().print(out);
        String label = "signed by";
        for (Hand hand : proposal.hands()) {
            out.println("  " + label + " ".repeat(12 - label.length()) + hand);
            label = "";
        }
        if (proposal.missing() > 0) {
            out.println("  then by     " + operators(proposal.missing()) + " more");
        }
    }

    /** Whether to sign what was shown. */
    boolean agreed() {
        declined = !Consent.given(options.yes(), "sign?");
        if (declined) {
            out.println("nothing was signed");
        }
        return !declined;
    }

    /** What the command ends with: 1, if it was not agreed to. */
    int exitCode() {
        return declined ? Cli.FAILED : Cli.OK;
    }

    /** Shows one proposal, asks, and carries it out; nothing, if it was not agreed to or is not complete. */
    Optional<VerifiedReceipt> perform(Desk desk, Proposal proposal) throws IOException {
        requireRoom(proposal);
        show(proposal);
        return agreed() ? carryOut(desk, proposal) : Optional.empty();
    }

    /** Signs what was agreed to, and sends it if that completes it. */
    Optional<VerifiedReceipt> carryOut(Desk desk, Proposal proposal) throws IOException {
        PartTransaction signed = proposal.signed();
        if (proposal.missing() > 0) {
            PartFile.write(signed, file(proposal));
            out.println("wrote " + file(proposal) + ", which " + operators(proposal.missing()) + " more must sign");
            out.println("next");
            out.println("  ./latchkey operator sign " + file(proposal) + " --key THEIR-KEY");
            out.println("  ./latchkey operator submit " + file(proposal) + " --dir " + options.directory());
            return Optional.empty();
        }
        return Optional.of(send(desk.link(), signed, out));
    }

    /** Sends a complete transaction and says where it stands. */
    static VerifiedReceipt send(CloudLink link, PartTransaction part, PrintStream out) throws IOException {
        SignedTransaction transaction = part.finish();
        VerifiedReceipt receipt = link.post(transaction);
        out.println("done: height " + receipt.location().height() + ", transaction "
                + transaction.id(part.chain()).toHex());
        if (part.transaction() instanceof RecoverByOperators recover) {
            Instant due =
                    Instant.ofEpochMilli(receipt.header().header().timeMillis()).plus(OBJECTION);
            out.println("takes effect in the first block from " + due + " on, unless " + recover.name()
                    + " objects with its next key, or with its present one");
        }
        return receipt;
    }

    /** A part that would be written must find its place free before anybody signs. */
    void requireRoom(Proposal proposal) {
        if (proposal.missing() > 0 && Files.exists(file(proposal), LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault(
                    "the file is there already, nothing was signed: " + file(proposal) + "; name another with --part");
        }
    }

    private Path file(Proposal proposal) {
        return options.part().orElseGet(() -> options.directory().resolve(proposal.stem() + ".part"));
    }

    private static String operators(int count) {
        return count + (count == 1 ? " operator" : " operators");
    }
}
