package dev.latchkey.gateway;

import dev.latchkey.console.Cli;
import dev.latchkey.gateway.admin.AdminCommand;
import dev.latchkey.gateway.doctor.DoctorCommand;
import picocli.CommandLine.Command;

/** The commands of this module: {@code latchkey gateway}, {@code admin} and {@code doctor}. */
@Command(
        name = "latchkey",
        description = "Verified keys and sealed readings for devices, near them.",
        subcommands = {GatewayCommand.class, AdminCommand.class, DoctorCommand.class},
        mixinStandardHelpOptions = true)
public final class GatewayMain {
    private GatewayMain() {}

    /** Runs the command and ends the process with its code. */
    public static void main(String... arguments) {
        System.exit(Cli.run(new GatewayMain(), arguments));
    }
}
