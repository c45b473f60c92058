package dev.latchkey.sim.scenario;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey sim}: a fleet against a gateway that somebody runs. */
@Command(
        name = "sim",
        header = "A fleet of handhelds against a running gateway.",
        description = {
            "Handhelds join by one voucher, prove each other's keys and send real weather observations, sealed end to"
                    + " end; recipients open them and compare every value with its source. The members stay on the"
                    + " chain for ever: use a chain that is for trying things out."
        },
        footer = {
            "",
            "Exit codes are those of latchkey demo.",
            "",
            "Examples:",
            "  latchkey operator voucher --dir net/operator --uses 50 --name 'd-*' --days 1 --out fleet-voucher",
            "  latchkey sim --hand-over fleet-voucher --devices 50 --readings 1000"
        },
        mixinStandardHelpOptions = true)
public final class SimCommand implements Callable<Integer> {
    @Mixin
    private FleetOptions options;

    @Option(
            names = "--hand-over",
            required = true,
            paramLabel = "FILE",
            description = "what the operator hands out: gateway, voucher with at least one use per device, its key")
    private Path handOverFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        HandOver handOver = HandOverFile.read(handOverFile);
        InetSocketAddress gateway = new InetSocketAddress(handOver.gatewayHost(), handOver.gatewayPort());
        if (gateway.isUnresolved()) {
            throw new UsageFault("the gateway's name has no address: " + handOver.gatewayHost());
        }
        Screen screen = Screen.standard();
        screen.line("Latchkey sim: " + options.devices() + " handhelds at " + handOver.gatewayHost() + ":"
                + handOver.gatewayPort() + ", chain " + handOver.chainName() + ", seed " + options.seed());
        Path directory = Files.createTempDirectory("latchkey-sim-");
        Findings findings;
        try (Undo undo = new Undo(() -> screen.line("stopped; the devices' files are kept in " + directory))) {
            findings =
                    new Campaign(screen, undo, options, directory, handOver, gateway, new CompletableFuture<>()).run();
        } catch (IOException | RuntimeException e) {
            screen.line("failed; the devices' files are kept in " + directory);
            throw e;
        }
        Table table = new Table("what", "figure", "");
        findings.addTo(table);
        screen.line("");
        screen.table(table);
        screen.line("");
        return judged(screen, findings, directory);
    }

    private static int judged(Screen screen, Findings findings, Path directory) throws IOException {
        if (findings.account().isFulfilled()) {
            screen.line("Every reading was opened by its recipient and equals its source.");
            LocalNetwork.delete(directory);
            return Cli.OK;
        }
        findings.account().faults().forEach(fault -> screen.line("  " + fault));
        screen.line("Not every reading arrived as it was sent; the devices' files are kept in " + directory);
        return Cli.FAILED;
    }
}
