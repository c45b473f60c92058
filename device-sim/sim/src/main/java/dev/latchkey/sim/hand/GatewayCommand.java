package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.GatewayAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device gateway}: another gateway of the same sub-network. */
@Command(
        name = "gateway",
        header = "Change to another gateway of this device's sub-network.",
        description = {
            "The chain must prove that the name is a gateway's, and that the key which is met at the address is its key. It"
                    + " serves the device from then on: what was sent to it arrives there. Keys and sessions with others"
                    + " stay, what the device seals next begins anew.",
            "",
            "The gateway before need not run. When the other one cannot be reached, is not proved or does not take the device,"
                    + " the one before stays."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  the other gateway serves the device",
            "  1  it does not; the one before does, as it did",
            "",
            "Examples:",
            "  latchkey device gateway --dir one --name gateway-2 --address gw2.example.org:5684"
        },
        mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "the other gateway's name on the chain")
    private String name;

    @Option(names = "--address", required = true, paramLabel = "HOST:PORT", description = "where it is reached")
    private HostPort address;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.checkPlain(name);
        if (address.port() == 0) {
            throw new UsageFault("--address needs the port at which the gateway listens");
        }
        GatewayAddress other = new GatewayAddress(name, address.host(), address.port());
        try (OpenDevice open = OpenDevice.at(directory, other)) {
            new Table()
                    .row(
                            "changed to",
                            open.device().gatewayName() + " at " + open.device().gatewayAddress())
                    .row("member", open.device().name() + " of " + open.device().chainName())
                    .print(System.out);
        }
        return Cli.OK;
    }
}
