package dev.latchkey.gateway.admin;

import picocli.CommandLine.Command;

/** {@code latchkey admin}: looks at a running gateway. */
@Command(
        name = "admin",
        header = "Look at a running gateway, as an administrator of its chain.",
        subcommands = {
            StatusCommand.class,
            SessionsCommand.class,
            DevicesCommand.class,
            QueueCommand.class,
            ChainCommand.class,
            ExportCommand.class,
            WitnessesCommand.class,
            MetricsCommand.class,
            LogCommand.class,
            JobCommand.class,
            ConfigCommand.class
        },
        mixinStandardHelpOptions = true)
public final class AdminCommand {}
