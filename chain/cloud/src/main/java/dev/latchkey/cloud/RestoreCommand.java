package dev.latchkey.cloud;

import dev.latchkey.cloud.backup.DamagedArchiveException;
import dev.latchkey.cloud.backup.Restore;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.cloud.operator.PartFile;
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
import dev.latchkey.protocol.PartTransaction;
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
            "Blocks that came after the backup have to be named with --beyond, from wherever they are: exports of gateways and"
                    + " nodes, other nodes, another node's data. A node that orders without them begins a second history, which"
                    + " gateways and devices that know the first one refuse.",
            "Where they are nowhere, k operators of the chain have to accept the loss: --propose-loss writes what they sign,"
                    + " --accept-loss takes it, and it becomes the next block.",
            "The signing guard is lost with the data, so a new replica key is made; the policy has to name it.",
            "Exit codes: 0 done, 1 damaged or refused, and nothing was made, 2 wrong command or something is not said."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --beyond seattle.chain",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --beyond https://b.example.org:9443 --key net/gateway/keys",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --propose-loss .",
            "  latchkey operator sign loss-seattle.part --key net/operator/operator.pem",
            "  latchkey restore monday.backup --config net/cloud/cloud.conf \\",
            "      --accept-loss loss-seattle.part"
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
            names = "--accept-loss",
            paramLabel = "FILE",
            description =
                    "What k operators signed to give up all behind a chain's last block that is left. Again for each"
                            + " chain.")
    private List<Path> acceptLoss = new ArrayList<>();

    @Option(
            names = "--propose-loss",
            paramLabel = "DIR",
            description =
                    "Makes no data: reads all, and what --beyond names, and writes for each chain what its operators would"
                            + " sign, loss-NAME.part.")
    private Path proposeLoss;

    @Override
    public Integer call() throws IOException {
        CloudSettings settings = CloudSettings.load(config, Optional.empty());
        if (!Files.isRegularFile(backup)) {
            throw new UsageFault("there is no such backup: " + backup);
        }
        if (beyond.isEmpty() && acceptLoss.isEmpty() && proposeLoss == null) {
            throw new UsageFault("what came after the backup has to be named: name an export or a node with --beyond;"
                    + " where nobody has it, operators accept the loss, which begins with --propose-loss DIR");
        }
        List<PartTransaction> losses = new ArrayList<>();
        for (Path file : acceptLoss) {
            losses.add(PartFile.read(file));
        }
        Screen screen = Screen.standard();
        if (proposeLoss != null) {
            propose(settings, screen);
            return Cli.OK;
        }
        NewData.make(settings, config, screen, (draft, blocks) -> restore(settings, draft, blocks, losses, screen));
        return Cli.OK;
    }

    /** The same work up to what is lost; what was made for it is removed again. */
    private void propose(CloudSettings settings, Screen screen) throws IOException {
        if (!Files.isDirectory(proposeLoss)) {
            throw new UsageFault("no such directory: " + proposeLoss);
        }
        NewData.tryOut(settings, (draft, blocks) -> {
            try (Restore restore = read(settings, draft, blocks, screen)) {
                beyond(restore, screen);
                for (ChainId chain : restore.heights().keySet()) {
                    PartTransaction loss = restore.loss(chain);
                    Path file = proposeLoss.resolve("loss-" + loss.chainName() + ".part");
                    if (Files.exists(file)) {
                        throw new UsageFault("the file is there already: " + file);
                    }
                    PartFile.write(loss, file);
                    screen.line("chain " + chain.toHex() + " would end at height "
                            + Units.count(restore.heights().get(chain)) + ": wrote " + file);
                    screen.line("next, with as many operators' keys as its policy asks for");
                    screen.line("  ./latchkey operator sign " + file + " --key net/operator/operator.pem");
                }
            }
        });
    }

    private Restore read(CloudSettings settings, Path draft, BlockVerifier blocks, Screen screen)
            throws IOException, DamagedArchiveException {
        screen.phase("restore of " + backup);
        Restore restore = new Restore(draft, Files.newInputStream(backup), EcProviders.verifier(), blocks);
        try {
            requireGroups(settings.groups(), restore.groups());
            try (ProgressBar bar = screen.progress("bytes", Files.size(backup))) {
                restore.read(bar::step);
            }
            return restore;
        } catch (IOException | DamagedArchiveException | RuntimeException e) {
            restore.close();
            throw e;
        }
    }

    private void restore(
            CloudSettings settings, Path draft, BlockVerifier blocks, List<PartTransaction> losses, Screen screen)
            throws IOException, DamagedArchiveException {
        try (Restore restore = read(settings, draft, blocks, screen)) {
            Map<ChainId, Long> before = restore.heights();
            Set<ChainId> covered = beyond(restore, screen);
            for (PartTransaction loss : losses) {
                restore.accept(loss);
                covered.add(loss.chain());
                screen.line("chain " + loss.chain().toHex() + ": its operators gave up what came after height "
                        + Units.count(restore.heights().get(loss.chain()) - 1));
            }
            List<String> open = before.keySet().stream()
                    .filter(chain -> !covered.contains(chain))
                    .map(ChainId::toHex)
                    .toList();
            if (!open.isEmpty()) {
                throw new UsageFault("what lies beyond the backup is not known of chain " + String.join(", ", open)
                        + ": name an export or a node with --beyond; where nobody has it, operators accept the loss, which"
                        + " begins with --propose-loss DIR");
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

    private Set<ChainId> beyond(Restore restore, Screen screen) throws IOException, DamagedArchiveException {
        Set<ChainId> covered = new HashSet<>();
        for (String place : beyond) {
            covered.addAll(beyond(place, restore, screen));
        }
        return covered;
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
