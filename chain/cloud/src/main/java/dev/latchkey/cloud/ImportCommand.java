package dev.latchkey.cloud;

import dev.latchkey.cloud.backup.DamagedArchiveException;
import dev.latchkey.cloud.backup.Import;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.console.Cli;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey import}: the data of a node from exports of chains. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the data of a cloud node from the exports of one or more chains, in an empty directory, after it has"
                    + " verified every block, root and signature. Whoever had them before must never order them again.",
            "An export says nothing of blocks after its last one. A node that orders without them would begin a second"
                    + " history, which gateways and devices that know the first one refuse: take the newest export there is.",
            "Mailboxes are in no export; with a backup, use latchkey restore. A new replica key is made, since the old one"
                    + " may have signed more; the policy has to name it.",
            "Exit codes: 0 done, 1 damaged or refused, and nothing was made, 2 wrong command."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey export --dir net/cloud/data --out seattle.chain",
            "  latchkey import seattle.chain --config other/cloud.conf",
            "  latchkey import seattle.chain tacoma.chain --config other/cloud.conf"
        })
final class ImportCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "EXPORT", description = "What latchkey export wrote, of one chain each.")
    private List<Path> exports = new ArrayList<>();

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The node's settings, for its data directory, its groups and its replica key's file.")
    private Path config;

    @Override
    public Integer call() throws IOException {
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        for (Path export : exports) {
            if (!Files.isRegularFile(export)) {
                throw new UsageFault("there is no such export: " + export);
            }
        }
        requireDifferentChains();
        Screen screen = Screen.standard();
        NewData.make(settings, config, screen, (draft, blocks) -> take(settings.groups(), draft, blocks, screen));
        return Cli.OK;
    }

    /** Said before the work; whatever is no export is found by the work itself. */
    private void requireDifferentChains() throws IOException {
        Map<ChainId, Path> named = new HashMap<>();
        for (Path export : exports) {
            try (ChainSource source = opened(export)) {
                Path other = named.put(source.chain(), export);
                if (other != null) {
                    throw new UsageFault(
                            "chain " + source.chain().toHex() + " comes twice: " + other + " and " + export);
                }
            } catch (MalformedSourceException e) {
                return;
            }
        }
    }

    private static ChainSource opened(Path export) throws IOException, MalformedSourceException {
        return new Place(export.toString(), Optional.empty(), Optional.empty()).open(EcProviders.verifier());
    }

    private void take(GroupSettings groups, Path draft, BlockVerifier blocks, Screen screen)
            throws IOException, DamagedArchiveException {
        try (Import made =
                new Import(draft, groups.chainGroups(), groups.mailboxGroups(), EcProviders.verifier(), blocks)) {
            for (Path export : exports) {
                screen.phase("import of " + export);
                take(export, made, screen);
            }
            made.finish(Clock.systemUTC().millis());
            Table table = new Table("chain", "height");
            made.heights().forEach((chain, height) -> table.row(chain.toHex(), Units.count(height)));
            screen.line("");
            screen.table(table);
            screen.line("");
            screen.line("every block, root and signature is good; the mailboxes are empty");
        }
    }

    private static void take(Path export, Import made, Screen screen) throws IOException, DamagedArchiveException {
        try (ChainSource source = opened(export);
                ProgressBar bar = screen.progress("blocks", source.height() + 1)) {
            made.take(source, bar::step);
        } catch (MalformedSourceException e) {
            throw new DamagedArchiveException(export + ": " + e.getMessage(), e);
        }
    }
}
