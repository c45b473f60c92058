package dev.latchkey.gateway.doctor;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.EnrolmentSecret;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.SettingsSource;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.StoreException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.UnusableKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey doctor}: looks whether a role can run here, and says what to do. */
@Command(
        name = "doctor",
        header = "Look whether a gateway can run here, and say what to do about it.",
        footer = {"", "latchkey doctor cloud --help is about a cloud node."},
        mixinStandardHelpOptions = true)
public final class DoctorCommand {
    @Command(
            name = "gateway",
            header = "Check clock, ports, key files, disk, file descriptors, cloud, chain, and DTLS.",
            description = {
                "Changes nothing that a start would not; may be asked while the gateway runs. What is not well comes with advice.",
                "Exit code 0, also with warnings; 1 if something fails."
            },
            footer = {"", "Examples:", "  latchkey doctor gateway --config net/gateway/gateway.conf"},
            mixinStandardHelpOptions = true)
    int gateway(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "The settings file.")
                    Path config,
            @Option(names = "--json", description = "Print JSON instead of a table.") boolean json)
            throws IOException, InterruptedException {
        List<Finding> findings = findings(config);
        if (json) {
            System.out.println(Json.text(
                    Map.of("checks", findings.stream().map(Finding::values).toList())));
        } else {
            Table table = new Table("check", "is", "found");
            findings.forEach(each -> {
                table.row(each.check(), each.level(), each.found());
                if (!each.advice().isEmpty()) {
                    table.row("", "", "-> " + each.advice());
                }
            });
            table.print(System.out);
        }
        return findings.stream().anyMatch(each -> each.level() == Finding.Level.FAIL) ? Cli.FAILED : Cli.OK;
    }

    private static List<Finding> findings(Path config) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        EcProviders.install();
        Clock clock = Clock.systemUTC();
        findings.add(MachineChecks.clock(clock));
        findings.add(MachineChecks.entropy());
        findings.addAll(MachineChecks.cryptography());
        GatewaySettings settings;
        try {
            settings = GatewaySettings.of(new SettingsSource(Optional.of(config), System.getenv(), Map.of()));
            findings.add(Finding.ok("settings", config.toString()));
        } catch (UsageFault e) {
            findings.add(Finding.fail("settings", e.getMessage(), "latchkey gateway --print-config explains each"));
            return findings;
        }
        Optional<KeyPair> tls = keys(settings, findings);
        settings.enrolmentSecret().ifPresent(file -> findings.add(secret(file)));
        findings.add(MachineChecks.fileDescriptors(settings));
        findings.add(MachineChecks.data(settings.data()));
        findings.add(MachineChecks.room(settings));
        boolean running = PortChecks.isRunning(settings.data());
        findings.add(PortChecks.port("listen", settings.listen(), running));
        findings.add(PortChecks.port("admin.listen", settings.adminListen(), running));
        if (tls.isPresent()) {
            findings.addAll(chains(settings, tls.get(), clock, running));
        }
        return findings;
    }

    private static Optional<KeyPair> keys(GatewaySettings settings, List<Finding> findings) throws IOException {
        try {
            KeyPair tls = IdentityDirectory.load(settings.keys()).dtls();
            findings.add(Finding.ok("keys", settings.keys().toString()));
            return Optional.of(tls);
        } catch (UnusableKeyException | UsageFault e) {
            findings.add(Finding.fail("keys", e.getMessage(), "chmod 600, or put the keys there that the chain names"));
            return Optional.empty();
        }
    }

    private static Finding secret(Path file) {
        try {
            EnrolmentSecret.read(file);
            return Finding.ok("enrolment secret", file.toString());
        } catch (UsageFault | IOException e) {
            return Finding.fail("enrolment secret", e.getMessage(), "get it from the operator's directory");
        }
    }

    private static List<Finding> chains(GatewaySettings settings, KeyPair tls, Clock clock, boolean running)
            throws InterruptedException {
        CloudChecks cloud = new CloudChecks(settings, tls, EcProviders.verifier(), clock);
        if (running || !Files.exists(settings.data().resolve("CURRENT"))) {
            return cloud.all(Optional.empty());
        }
        try (Store store = Store.open(settings.data(), Runnable::run)) {
            List<Finding> findings = new ArrayList<>(cloud.all(Optional.of(store)));
            findings.add(Finding.ok("store", "opens"));
            return findings;
        } catch (StoreException e) {
            List<Finding> findings = new ArrayList<>(cloud.all(Optional.empty()));
            findings.add(Finding.fail(
                    "store", String.valueOf(e.getMessage()), "restore a backup, or begin with an empty directory"));
            return findings;
        }
    }
}
