package dev.latchkey.sim.hand;

import picocli.CommandLine.Command;

/** {@code latchkey device}: the commands of one device. */
@Command(
        name = "device",
        header = "Be a device: join a network, look up keys and change one's own, send and receive readings.",
        description = {
            "A device is a directory with its keys and state, for its owner only. One command at a time uses it."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device join --hand-over net/voucher-1 --name d-one --dir one",
            "  latchkey device key --dir one d-two",
            "  latchkey device send --dir one --to d-two --name temperature --unit Cel --value 21.5",
            "  latchkey device recv --dir two --follow",
            "  latchkey device rotate --dir one",
            "  latchkey device relocate --dir one --to tacoma",
            "",
            "latchkey device COMMAND --help shows what each takes."
        },
        subcommands = {
            KeysCommand.class,
            JoinCommand.class,
            KeyCommand.class,
            SendCommand.class,
            ReceiveCommand.class,
            GatewayCommand.class,
            RotateCommand.class,
            RecoverCommand.class,
            VetoCommand.class,
            RecoveryRequestCommand.class,
            AdoptCommand.class,
            RelocateCommand.class,
            LeaveCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class DeviceCommand {}
