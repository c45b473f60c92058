package dev.latchkey.cloud;

import dev.latchkey.cloud.audit.AuditCommand;
import dev.latchkey.cloud.explore.ExploreCommand;
import dev.latchkey.cloud.export.ExportCommand;
import dev.latchkey.cloud.operator.OperatorCommand;
import dev.latchkey.console.Cli;
import picocli.CommandLine.Command;

/** The commands of this module: {@code latchkey cloud}, {@code operator}, {@code cluster}, {@code backup}, {@code restore}, {@code export},
 * {@code import}, {@code audit}, {@code explore}, {@code doctor}. */
@Command(
        name = "latchkey",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Cloud node and operator's commands of a Latchkey network.",
        subcommands = {
            CloudCommand.class,
            OperatorCommand.class,
            ClusterCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            AuditCommand.class,
            ExploreCommand.class,
            CloudDoctor.class
        })
public final class CloudMain {
    private CloudMain() {}

    /** The commands, for {@link Cli#run}. */
    public static Object command() {
        return new CloudMain();
    }

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Cli.run(command(), arguments));
    }
}
