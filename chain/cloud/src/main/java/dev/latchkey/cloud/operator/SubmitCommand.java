package dev.latchkey.cloud.operator;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        Wording.of(part, Optional.of(desk.policy())).print(System.out);
        if (genesis) {
            desk.link().found(complete.finish());
            System.out.println("done: sub-network " + part.chainName() + " has begun, chain id "
                    + part.chain().toHex());
        } else {
            send(desk, complete);
        }
        return Cli.OK;
    }

    /** As where one operator revokes: a sibling to which the member was moving is told. */
    private void send(Desk desk, PartTransaction complete) throws IOException {
        Optional<SiblingNotice> notice = Optional.empty();
        if (complete.transaction() instanceof Standing standing
                && standing.act() == Standing.Act.REVOKE
                && desk.admin().isPresent()) {
            notice = SiblingNotice.of(desk, desk.record(standing.name()));
        }
        Ceremony.send(desk.link(), complete, System.out);
        if (notice.isPresent()) {
            notice.get().file(options, desk, System.out);
        }
    }

    /** Whether nobody but operators signs; other kinds are signed by the keys that they bring, too. */
    private static boolean isForOperatorsAlone(Transaction transaction) {
        return transaction instanceof PolicyChange || transaction instanceof Standing;
    }

    private static List<KeyId> strangers(PartTransaction part, Policy.Operators operators) {
        List<KeyId> known = operators.keys().stream().map(CoseKey::kid).toList();
        return part.signatures().keySet().stream()
                .filter(kid -> !known.contains(kid))
                .toList();
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
        if (isForOperatorsAlone(part.transaction())) {
            for (KeyId stranger : strangers(part, operators)) {
                System.out.println("left out: the signature by " + stranger + ", which is no operator's key");
                exact = exact.without(stranger);
            }
        }
        return exact;
    }
}
