package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.console.Json;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedEvidence;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says whether an evidence file convicts replicas, and whom. For one file. */
final class EvidenceReport {
    private final Path file;
    private final Optional<ChainId> expected;
    private final EcVerifier verifier;

    /**
     * A report.
     *
     * @param expected the chain that it must be about; without one the reader has to compare the id that is found
     */
    EvidenceReport(Path file, Optional<ChainId> expected, EcVerifier verifier) {
        this.file = file;
        this.expected = expected;
        this.verifier = verifier;
    }

    /**
     * Prints it.
     *
     * @return 0 if the file convicts somebody, else 1
     * @throws IOException if the file cannot be read
     */
    int print(boolean json) throws IOException {
        Bytes content = AtomicFile.read(file, EvidenceFile.MAX_BYTES);
        try {
            ChainId chain = expected.isPresent() ? expected.get() : EvidenceFile.claimedChain(content);
            VerifiedEvidence evidence = EvidenceFile.verify(chain, content, verifier);
            if (json) {
                System.out.println(Json.text(values(evidence)));
            } else {
                text(evidence);
            }
            return 0;
        } catch (ProofException e) {
            return useless(e.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'), json);
        }
    }

    private static int useless(String reason, boolean json) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("convicts", false);
            values.put("reason", reason);
            System.out.println(Json.text(values));
        } else {
            System.err.println("latchkey: the file convicts nobody: " + reason);
        }
        return 1;
    }

    private void text(VerifiedEvidence evidence) {
        Screen screen = Screen.standard();
        Table table = new Table()
                .row("chain id", evidence.policy().chain().toHex())
                .row("network", evidence.policy().network())
                .row("sub-network", evidence.policy().chainName())
                .row("policy", "number " + evidence.policy().policy().number())
                .row("one checkpoint", described(evidence.contradiction().first()))
                .row("the other", described(evidence.contradiction().second()));
        evidence.fork().ifPresent(fork -> table.row("they differ at", "height " + Units.count(fork.height())));
        for (CoseKey liar : evidence.liars()) {
            table.row("signed both", "replica key " + liar.kid());
        }
        screen.table(table);
        screen.line("");
        if (expected.isEmpty()) {
            screen.line("compare the chain id with the one that the operator gave you: this check could not");
        }
        screen.line("the evidence holds: whoever has " + (evidence.liars().size() == 1 ? "this key" : "these keys")
                + " signed two histories of one chain");
    }

    private static String described(SignedCheckpoint signed) {
        return "height " + Units.count(signed.checkpoint().height()) + ", block "
                + signed.checkpoint().blockHash().toHex();
    }

    private Map<String, Object> values(VerifiedEvidence evidence) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("convicts", true);
        values.put("chain", evidence.policy().chain().toHex());
        values.put("chain_expected", expected.isPresent());
        values.put("network", evidence.policy().network());
        values.put("name", evidence.policy().chainName());
        values.put(
                "heights",
                List.of(
                        evidence.contradiction().first().checkpoint().height(),
                        evidence.contradiction().second().checkpoint().height()));
        values.put("fork_height", evidence.fork().map(fork -> fork.height()));
        values.put(
                "keys",
                evidence.liars().stream().map(liar -> liar.kid().toString()).toList());
        return values;
    }
}
