package dev.latchkey.cloud.operator;

import picocli.CommandLine.Command;

/** {@code latchkey operator}: what who runs a network does. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes networks and lets devices in.",
        subcommands = {InitCommand.class, VoucherCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator init --dir net --network city --chain seattle",
            "  latchkey operator voucher --dir net/operator --name 'd-*' --uses 20 \\",
            "      --out voucher-2"
        })
public final class OperatorCommand {}
