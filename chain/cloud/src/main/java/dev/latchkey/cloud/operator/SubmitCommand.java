package dev.latchkey.cloud.operator;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator submit}. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Sends a transaction that enough operators have signed, and waits for its receipt.",
        footerHeading = "%nExamples:%n",
        footer = "  latchkey operator submit policy-seattle-1.part --dir net/operator")
final class SubmitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The part.")
    private Path file;

    @Mixin
    private NetworkOptions options;

    @Override
    public Integer call() throws IOException {
        PartTransaction part = PartFile.read(file);
        OperatorFiles files = OperatorFiles.read(options.directory());
        boolean genesis = part.transaction() instanceof Genesis;
        NetworkChain chain = files.chains().stream()
                .filter(each -> each.id().equals(part.chain()))
                .findFirst()
                .orElseGet(() -> files.chains().get(0));
        if (!genesis && !chain.id().equals(part.chain())) {
            throw new UsageFault("network.conf does not name the chain of this part, "
                    + part.chain().toHex());
        }
        Desk desk = Desk.open(options, files, genesis ? files.chain(options.chain()) : chain);
        PartTransaction complete = complete(part, desk.policy().operators());
        if (genesis) {
            desk.link().found(complete.finish());
            System.out.println("done: sub-network " + part.chainName() + " has begun, chain id "
                    + part.chain().toHex());
        } else {
            Ceremony.send(desk.link(), complete, System.out);
        }
        return Cli.OK;
    }

    /** The rule asks for exactly k operators: fewer do not suffice, and what is too much is left out. */
    private PartTransaction complete(PartTransaction part, Policy.Operators operators) throws IOException {
        List<CoseKey> signed = operators.keys().stream()
                .filter(key -> part.signatures().containsKey(key.kid()))
                .toList();
        if (signed.size() < operators.k()) {
            throw new IOException("nothing was sent: " + signed.size() + " of " + operators.k()
                    + " operators have signed; another signs with `latchkey operator sign " + file + " --key KEY`");
        }
        PartTransaction exact = part;
        for (CoseKey surplus : signed.subList(operators.k(), signed.size())) {
            exact = exact.without(surplus.kid());
        }
        return exact;
    }
}
