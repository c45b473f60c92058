package dev.latchkey.gateway.admin;

import picocli.CommandLine.Command;

/** {@code latchkey admin}: looks at a running gateway. */
@Command(
        name = "admin",
        header = "Look at a running gateway and steer it, as an administrator of its chain.",
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
        footer = {
            "",
            "Exit codes:",
            "  0  done",
            "  1  failed or refused",
            "  2  a wrong command, or keys that may not ask",
            "",
            "Examples:",
            "  latchkey admin status --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin log --follow --key net/operator/admin --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
public final class AdminCommand {}
