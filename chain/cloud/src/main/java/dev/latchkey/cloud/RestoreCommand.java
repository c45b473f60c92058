package dev.latchkey.cloud;

import dev.latchkey.cloud.backup.DamagedArchiveException;
import dev.latchkey.cloud.backup.Restore;
import dev.latchkey.cloud.export.ChainSource;
import dev.latchkey.cloud.export.MalformedSourceException;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.console.Cli;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey restore}: the data of a node from a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes the data of a cloud node from a backup, in an empty directory, after it has verified every block, root and"
                    + " signature. The node that lost them must never run again with what it had.",
            "Blocks that came after the backup have to be named with --beyond, from wherever they are: exports, other nodes,"
                    + " another node's data. A node that orders without them would begin a second history, which gateways and"
                    + " devices that know the first one refuse.",
            "The signing guard is lost with the data, so a new replica key is made; the policy has to name it.",
            "Exit codes: 0 done, 1 damaged or refused, and nothing was made, 2 wrong command."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --beyond seattle.chain",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --beyond https://b.example.org:9443 --key net/gateway/keys",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf --complete"
        })
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BACKUP", description = "What latchkey backup wrote.")
    private Path backup;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The node's settings, for its data directory, its groups and its replica key's file.")
    private Path config;

    @Option(
            names = "--beyond",
            paramLabel = "FILE|URL|DIR",
            description = "Where blocks after the backup may be: an export, a running node, a stopped node's data."
                    + " Again for each.")
    private List<String> beyond = new ArrayList<>();

    @Option(
            names = "--key",
            paramLabel = "DIR",
            description = "For a running node: identity directory of a gateway, an admin or an auditor.")
    private Path keys;

    @Option(
            names = "--complete",
            description = "Nothing was ordered after the backup, as the node has not run since: chains that no --beyond"
                    + " names end where the backup does.")
    private boolean complete;

    @Override
    public Integer call() throws IOException {
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        if (!Files.isRegularFile(backup)) {
            throw new UsageFault("there is no such backup: " + backup);
        }
        Screen screen = Screen.standard();
        NewData.make(settings, config, screen, (draft, blocks) -> restore(settings, draft, blocks, screen));
        return Cli.OK;
    }

    private void restore(CloudSettings settings, Path draft, BlockVerifier blocks, Screen screen)
            throws IOException, DamagedArchiveException {
        screen.phase("restore of " + backup);
        try (Restore restore = new Restore(draft, Files.newInputStream(backup), EcProviders.verifier(), blocks)) {
            requireGroups(settings.groups(), restore.groups());
            try (ProgressBar bar = screen.progress("bytes", Files.size(backup))) {
                restore.read(bar::step);
            }
            Map<ChainId, Long> before = restore.heights();
            Set<ChainId> covered = new HashSet<>();
            for (String place : beyond) {
                covered.addAll(beyond(place, restore, screen));
            }
            List<String> open = before.keySet().stream()
                    .filter(chain -> !covered.contains(chain))
                    .map(ChainId::toHex)
                    .toList();
            if (!open.isEmpty() && !complete) {
                throw new UsageFault("what lies beyond the backup is not known of chain " + String.join(", ", open)
                        + ": name an export or a node with --beyond, or say --complete");
            }
            restore.finish();
            Table table = new Table("chain", "height in the backup", "height now");
            restore.heights()
                    .forEach((chain, height) ->
                            table.row(chain.toHex(), Units.count(before.get(chain)), Units.count(height)));
            screen.line("");
            screen.table(table);
            screen.line("");
            screen.line(
                    "chains founded after the backup are not in it: each comes back on a node of its own, latchkey import");
            screen.line(
                    "made " + Instant.ofEpochMilli(restore.madeMillis()) + "; every block, root and signature is good; "
                            + Units.count(restore.messages()) + " messages wait in mailboxes");
        }
    }

    private static void requireGroups(GroupSettings settings, List<String> groups) {
        List<String> own = Stream.concat(settings.chainGroups().stream(), settings.mailboxGroups().stream())
                .sorted()
                .toList();
        if (!own.equals(groups)) {
            throw new UsageFault("groups: the settings give " + String.join(", ", own) + ", and the backup has "
                    + String.join(", ", groups));
        }
    }

    /** A running node has many chains; of each other place there is one. */
    private Set<ChainId> beyond(String text, Restore restore, Screen screen)
            throws IOException, DamagedArchiveException {
        screen.phase("blocks beyond it from " + text);
        boolean named = text.startsWith("https://") || Files.isDirectory(Path.of(text));
        List<Optional<ChainId>> wanted =
                named ? restore.heights().keySet().stream().map(Optional::of).toList() : List.of(Optional.empty());
        Set<ChainId> covered = new HashSet<>();
        for (Optional<ChainId> chain : wanted) {
            try (ChainSource source = new Place(text, chain, Optional.ofNullable(keys)).open(EcProviders.verifier())) {
                restore.beyond(source)
                        .ifPresentOrElse(
                                covered::add,
                                () -> screen.line("it ends at height " + Units.count(source.height())
                                        + ", before the backup does, and says nothing of what came after"));
            } catch (MalformedSourceException e) {
                throw new DamagedArchiveException(text + ": " + e.getMessage(), e);
            }
        }
        return covered;
    }
}
