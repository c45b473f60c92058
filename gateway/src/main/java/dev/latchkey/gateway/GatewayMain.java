package dev.latchkey.gateway;

import dev.latchkey.console.Cli;
import dev.latchkey.gateway.admin.AdminCommand;
import dev.latchkey.gateway.doctor.DoctorCommand;
import java.util.Arrays;
import java.util.Set;
import picocli.CommandLine.Command;

/** The commands of this module: {@code latchkey gateway}, {@code admin} and {@code doctor}. */
@Command(
        name = "latchkey",
        description = "Verified keys and sealed readings for devices, near them.",
        subcommands = {GatewayCommand.class, AdminCommand.class, DoctorCommand.class},
        mixinStandardHelpOptions = true)
public final class GatewayMain {
    private static final String GATEWAY = "gateway";
    /** Of these nothing is needed that takes time to load. */
    private static final Set<String> TOLD = Set.of("--help", "-h", "--version", "-V", "--print-config");

    private GatewayMain() {}

    /** Runs the command and ends the process with its code. */
    public static void main(String... arguments) {
        boolean service = arguments.length > 0 && arguments[0].equals(GATEWAY);
        if (service && Arrays.stream(arguments).noneMatch(TOLD::contains)) {
            Natives.load();
        }
        System.exit(Cli.run(service ? new Service() : new GatewayMain(), arguments));
    }

    /** The gateway without the commands that ask one: to look at all their options takes a tenth of a second of a start. */
    @Command(name = "latchkey", subcommands = GatewayCommand.class, mixinStandardHelpOptions = true)
    private static final class Service {}
}
