package dev.latchkey.cloud.audit;

import dev.latchkey.cloud.export.Place;
import dev.latchkey.console.Json;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey audit}: is this chain what it should be? */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Replays a chain from genesis and checks all of it: links, roots, rules, every signature, the checkpoint.",
            "With --evidence it checks a file that convicts replicas instead: two histories under one signature.",
            "Exit code 0: all is well, or the evidence holds. 1: it is not; the last line says why, and of a chain at which"
                    + " height. 2: wrong usage, or it cannot be read."
        },
        exitCodeOnExecutionException = 2,
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey audit seattle.chain --chain ID",
            "  latchkey audit net/cloud/data",
            "  latchkey audit https://127.0.0.1:9443 --key net/gateway/keys --chain ID",
            "  latchkey audit --evidence seattle.evidence --chain ID"
        })
public final class AuditCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE|DIR|URL",
            arity = "0..1",
            description = "An export, the data directory of a stopped node, or a running node.")
    private String place;

    @Option(
            names = "--evidence",
            paramLabel = "FILE",
            description = "Check an evidence file, offline, instead of a chain.")
    private Path evidence;

    @Option(
            names = "--chain",
            paramLabel = "ID",
            description =
                    "The chain's id, as its operator gave it to you; without it the audit proves no more than that"
                            + " the chain is one.")
    private String chain;

    @Option(
            names = "--key",
            paramLabel = "DIR",
            description = "For a running node: identity directory of a gateway, an admin or an auditor.")
    private Path keys;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Optional<ChainId> expected = Optional.ofNullable(chain).map(Place::chainId);
        if ((place == null) == (evidence == null)) {
            throw new UsageFault("name either a chain, FILE, DIR or URL, or --evidence FILE");
        }
        if (evidence != null) {
            EcProviders.install();
            return new EvidenceReport(evidence, expected, EcProviders.verifier()).print(json);
        }
        boolean remote = place.startsWith("https://") || Files.isDirectory(Path.of(place));
        EcProviders.install();
        Place from = new Place(place, remote ? expected : Optional.empty(), Optional.ofNullable(keys));
        try (ChainSource source = from.open(EcProviders.verifier())) {
            return json ? asJson(source, expected) : asText(source, expected);
        } catch (MalformedSourceException e) {
            return faulty(new AuditFault(0, "source: " + e.getMessage(), e));
        }
    }

    private int asText(ChainSource source, Optional<ChainId> expected) throws IOException {
        Screen screen = Screen.standard();
        screen.phase("audit of " + place);
        AuditReport report;
        try (ProgressBar bar = screen.progress("blocks", source.height() + 1)) {
            report = new Auditor(source, expected, EcProviders.verifier(), bar::step).audit();
        } catch (AuditFault e) {
            return faulty(e);
        }
        screen.table(what(report));
        screen.line("");
        screen.table(howMany(report));
        screen.line("");
        if (expected.isEmpty()) {
            screen.line("compare the chain id with the one that the operator gave you: this audit could not");
        }
        screen.line("good: every link, root, rule and signature up to height "
                + Units.count(report.state().height()));
        return 0;
    }

    private int asJson(ChainSource source, Optional<ChainId> expected) throws IOException {
        try {
            AuditReport report = new Auditor(source, expected, EcProviders.verifier(), () -> {}).audit();
            System.out.println(Json.text(values(report, expected.isPresent())));
            return 0;
        } catch (AuditFault e) {
            return faulty(e);
        }
    }

    private int faulty(AuditFault fault) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("good", false);
            values.put("height", fault.height());
            values.put("reason", fault.reason());
            System.out.println(Json.text(values));
        } else {
            System.out.flush();
            System.err.println("latchkey: FAULT at height " + fault.height() + ": " + fault.reason());
        }
        return 1;
    }

    private static Table what(AuditReport report) {
        return new Table()
                .row("chain id", report.state().chainId().toHex())
                .row("network", report.state().network())
                .row("sub-network", report.state().chainName())
                .row("block hash", report.state().blockHash().toHex())
                .row("directory root", report.state().directoryRoot().toHex())
                .row("history root", report.state().historyRoot().toHex())
                .row("policy", "number " + report.state().policy().number())
                .row(
                        "checkpoint",
                        "height " + Units.count(report.checkpoint().checkpoint().height()) + ", signed "
                                + report.checkpoint().signedAt())
                .row("crypto", EcProviders.name());
    }

    private static Table howMany(AuditReport report) {
        Table table = new Table("checked", "count")
                .row("blocks", report.state().height() + 1)
                .row("transactions", report.transactions());
        report.work()
                .forEach((difficulty, blocks) -> table.row(
                        "blocks of " + difficulty + " bits of work, "
                                + Units.count(AuditReport.triesPerBlock(difficulty)) + " hashes each",
                        blocks));
        report.kinds().forEach((kind, count) -> {
            if (count > 0) {
                table.row("  " + kind, count);
            }
        });
        table.row("members", report.state().memberCount());
        report.states().forEach((state, count) -> table.row("  " + state, count));
        return table.row("member records", report.records())
                .row("signatures", report.signatures())
                .row("  a second", Units.rate(report.signaturesPerSecond()));
    }

    private static Map<String, Object> values(AuditReport report, boolean compared) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("good", true);
        values.put("chain", report.state().chainId().toHex());
        values.put("chain_expected", compared);
        values.put("network", report.state().network());
        values.put("name", report.state().chainName());
        values.put("height", report.state().height());
        values.put("header_time", Instant.ofEpochMilli(report.state().header().timeMillis()));
        values.put("transactions", report.transactions());
        values.put("kinds", report.kinds());
        values.put("members", report.state().memberCount());
        values.put("states", report.states());
        values.put("block_hash", report.state().blockHash().toHex());
        values.put("directory_root", report.state().directoryRoot().toHex());
        values.put("history_root", report.state().historyRoot().toHex());
        values.put("policy", report.state().policy().number());
        values.put("checkpoint_height", report.checkpoint().checkpoint().height());
        values.put("checkpoint_signed", report.checkpoint().signedAt());
        values.put("work", report.work());
        values.put("signatures", report.signatures());
        values.put("seconds", report.took());
        values.put("crypto", EcProviders.name());
        return values;
    }
}
