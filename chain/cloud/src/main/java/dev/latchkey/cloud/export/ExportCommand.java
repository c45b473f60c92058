package dev.latchkey.cloud.export;

import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.ExportWriter;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.host.EcProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey export}: one chain into one file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes one chain, from genesis to its newest signed checkpoint, into one file that says what it is.",
            "Copies and does not judge: `latchkey audit FILE` does.",
            "Exit codes: 0 done, 1 no chain there or no answer, and nothing was written, 2 wrong command."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey export --dir net/cloud/data --out seattle.chain",
            "  latchkey export --url https://127.0.0.1:9443 --key net/gateway/keys \\",
            "      --chain ID --out seattle.chain"
        })
public final class ExportCommand implements Callable<Integer> {
    /** Where the chain lies. */
    static final class From {
        @Option(
                names = "--dir",
                required = true,
                paramLabel = "DATA",
                description = "Data directory of a stopped node.")
        private Path directory;

        @Option(
                names = "--url",
                required = true,
                paramLabel = "URL",
                description = "A running node: https://host:port.")
        private String url;
    }

    @ArgGroup(multiplicity = "1")
    private From from;

    @Option(
            names = "--chain",
            paramLabel = "ID",
            description = "The chain's id; may be left out where there is only one.")
    private String chain;

    @Option(
            names = "--key",
            paramLabel = "DIR",
            description = "For --url: identity directory of a gateway, an admin or an auditor.")
    private Path keys;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to make; must not exist.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault("the file is there already, nothing was written: " + out);
        }
        if (from.directory != null && !Files.isDirectory(from.directory)) {
            throw new UsageFault("no such directory: " + from.directory);
        }
        if (from.url != null && !from.url.startsWith("https://")) {
            throw new UsageFault("--url has to begin with https://: " + from.url);
        }
        EcProviders.install();
        Place place = new Place(
                from.url != null ? from.url : from.directory.toString(),
                Optional.ofNullable(chain).map(Place::chainId),
                Optional.ofNullable(keys));
        Screen screen = Screen.standard();
        screen.phase("export of " + place.text());
        ExportWriter.Written written = written(place, screen);
        screen.line("network " + written.state().network() + ", sub-network "
                + written.state().chainName());
        screen.line("chain id " + written.state().chainId().toHex());
        if (written.unsigned() > 0) {
            screen.line("left out: " + Units.count(written.unsigned())
                    + (written.unsigned() == 1 ? " newest block" : " newest blocks") + ", which no replica has signed");
        }
        screen.line("wrote " + out + ": " + Units.count(written.blocks())
                + (written.blocks() == 1 ? " block, " : " blocks, ") + Units.bytes(written.bytes()));
        return 0;
    }

    private ExportWriter.Written written(Place place, Screen screen) throws IOException {
        try (ChainSource source = place.open(EcProviders.verifier());
                ProgressBar bar = screen.progress("blocks", source.checkpointHeight() + 1)) {
            return ExportWriter.write(source, out, bar::step);
        } catch (MalformedSourceException e) {
            throw new IOException("cannot export " + place.text() + ": " + e.getMessage(), e);
        }
    }
}
