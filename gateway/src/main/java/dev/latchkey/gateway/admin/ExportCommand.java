package dev.latchkey.gateway.admin;

import dev.latchkey.console.Cli;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.export.ExportWriter;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey admin export}: a chain as a gateway has it, in one file. */
@Command(
        name = "export",
        header = "Write a chain, as the gateway verified it, into one file.",
        description = {
            "From genesis to the newest signed checkpoint, for `latchkey audit`, and for `latchkey restore` and"
                    + " `latchkey import` when the cloud has lost it.",
            "Exit codes: 0 done, 1 no answer, refused or no chain there, 2 wrong command or keys that may not ask."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey admin export seattle --out seattle.chain \\",
            "      --key net/operator/admin --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Mixin
    private AdminConnection gateway;

    @Parameters(paramLabel = "CHAIN", description = "The chain's name in the gateway's settings.")
    private String chain;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File to make; must not exist.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Names.isValid(chain)) {
            throw new UsageFault("no name of a chain: " + chain);
        }
        if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageFault("the file is there already, nothing was written: " + out);
        }
        Screen screen = Screen.standard();
        screen.phase("export of " + chain + " from " + gateway);
        try (GatewaySource source = GatewaySource.open(gateway, chain)) {
            ExportWriter.Written written = written(source, screen);
            screen.line("chain id " + source.chain().toHex());
            screen.line("wrote " + out + ": " + Units.count(written.blocks())
                    + (written.blocks() == 1 ? " block, " : " blocks, ") + Units.bytes(written.bytes()));
            return Cli.OK;
        } catch (MalformedSourceException e) {
            throw new IOException("cannot export " + chain + ": " + e.getMessage(), e);
        }
    }

    private ExportWriter.Written written(GatewaySource source, Screen screen)
            throws IOException, MalformedSourceException {
        try (ProgressBar bar = screen.progress("blocks", source.height() + 1)) {
            return ExportWriter.write(source, out, bar::step);
        }
    }
}
