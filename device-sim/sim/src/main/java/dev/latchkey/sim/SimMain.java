package dev.latchkey.sim;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.bench.BenchCommand;
import dev.latchkey.sim.conform.ConformCommand;
import dev.latchkey.sim.demo.DemoCommand;
import dev.latchkey.sim.hand.ConsumerCommand;
import dev.latchkey.sim.hand.DeviceCommand;
import dev.latchkey.sim.scenario.SimCommand;
import picocli.CommandLine.Command;

/** The device side's commands; the launcher hands over the whole command line. */
@Command(
        name = "latchkey",
        subcommands = {
            DemoCommand.class,
            SimCommand.class,
            DeviceCommand.class,
            ConsumerCommand.class,
            ConformCommand.class,
            BenchCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class SimMain {
    private SimMain() {}

    public static void main(String[] arguments) {
        System.exit(Cli.run(new SimMain(), arguments));
    }
}
