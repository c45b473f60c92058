package dev.latchkey.cloud.operator;

import picocli.CommandLine.Command;

/** {@code latchkey operator}: what who runs a network does. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Makes networks and governs who is in them.",
            "What is to be signed is shown first; then the command asks, unless told --yes. Where operators' keys are kept"
                    + " apart, it ends with a file for the next of them to sign."
        },
        subcommands = {
            InitCommand.class,
            ChainCommand.class,
            VoucherCommand.class,
            EndorseCommand.class,
            StandingCommands.Suspend.class,
            StandingCommands.Resume.class,
            StandingCommands.Revoke.class,
            RecoverCommand.class,
            JoinCommands.Gateway.class,
            JoinCommands.Admin.class,
            JoinCommands.Auditor.class,
            PolicyCommand.class,
            SignCommand.class,
            SubmitCommand.class,
            KeyCommand.class,
            StatusCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator init --dir net --network city --chain seattle",
            "  latchkey operator voucher --dir net/operator --name 'd-*' --uses 20 \\",
            "      --out voucher-2",
            "  latchkey operator suspend d-one --dir net/operator",
            "  latchkey operator policy change --dir net/operator --difficulty 8"
        })
public final class OperatorCommand {}
