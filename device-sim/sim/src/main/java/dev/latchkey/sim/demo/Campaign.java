package dev.latchkey.sim.demo;

import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.fleet.Contacts;
import dev.latchkey.sim.fleet.Course;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.fleet.Explained;
import dev.latchkey.sim.fleet.Fleet;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import dev.latchkey.sim.fleet.WeatherSupply;
import dev.latchkey.sim.network.HandOverFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A fleet against one gateway, from joining to the last reading: what demo and sim do alike. For use by one thread.
 */
final class Campaign {
    /** Nothing opened for so long, and what is missing will not come. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** Joins and key queries that are under way at once: a fleet that is switched on is not one that attacks. */
    private static final int AT_A_TIME = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    private final Screen screen;
    private final Undo undo;
    private final FleetOptions options;
    private final Path directory;
    private final HandOver handOver;
    private final InetSocketAddress gateway;
    private final CompletableFuture<Void> broken;

    /**
     * @param directory where each handheld keeps its files
     * @param gateway where the gateway is reached now
     * @param broken fails when the network ends before the campaign does
     */
    Campaign(
            Screen screen,
            Undo undo,
            FleetOptions options,
            Path directory,
            HandOver handOver,
            InetSocketAddress gateway,
            CompletableFuture<Void> broken) {
        this.screen = screen;
        this.undo = undo;
        this.options = options;
        this.directory = directory;
        this.handOver = handOver;
        this.gateway = gateway;
        this.broken = broken;
    }

    /** @throws IOException if the fleet could not join or prove its recipients' keys */
    Findings run() throws IOException, InterruptedException {
        EcProviders.install();
        Supply weather = WeatherSupply.of(options.days());
        Plan plan = Plan.of(
                DeviceNames.random(new Random(options.seed()), options.devices()), weather.size(), options.seed());
        Account account = new Account(options.readings(), System::nanoTime);
        DeviceSettings settings =
                DeviceSettings.standard(EcProviders.verifier()).withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE);
        ImpairmentRelay relay = undo.add(new ImpairmentRelay(gateway, options.seed()));
        Fleet fleet = undo.add(new Fleet(directory, account, settings));

        screen.phase("join: each makes its keys and joins through the gateway by the operator's voucher");
        Set<String> metered = plan.onlySenders();
        try (ProgressBar bar = bar("joined", options.devices())) {
            await(fleet.join(
                    plan.members(),
                    name -> HandOverFile.at(handOver, metered.contains(name) ? relay.address() : gateway),
                    AT_A_TIME,
                    bar::step));
        }
        prove(fleet, plan);
        Course course = new Course(
                weather,
                new Contacts(plan.recipients()),
                Tempo.AT_ONCE,
                options.devices(),
                number -> number < options.readings());
        return new Findings(account, fleet.joins(), send(plan, course, account, fleet, relay));
    }

    private void prove(Fleet fleet, Plan plan) throws IOException, InterruptedException {
        screen.phase("prove: each connects by its own raw public key and checks the proof of its recipient's key");
        try (ProgressBar bar = bar("proved", options.devices())) {
            await(fleet.settled()
                    .thenCompose(
                            settled -> fleet.prove(name -> plan.recipients().get(name), AT_A_TIME, bar::step)));
        }
    }

    private Optional<Findings.OnWire> send(Plan plan, Course course, Account account, Fleet fleet, ImpairmentRelay relay)
            throws IOException, InterruptedException {
        screen.phase("send: " + Units.count(account.planned())
                + " days of Seattle's weather, sealed end to end; recipients open and compare");
        try (ProgressBar bar = bar("opened", account.planned())) {
            account.whenOpened(bar::step);
            Traffic up = relay.up();
            Traffic down = relay.down();
            Optional<Findings.OnWire> onWire = Optional.empty();
            try {
                await(fleet.send(plan, course));
                onWire = Findings.OnWire.of(
                        relay.up().since(up).applicationData(),
                        relay.down().since(down).applicationData());
                awaitOpened(account);
            } catch (IOException e) {
                // The account tells which readings it cost.
                screen.line("  " + e.getMessage());
            }
            return onWire;
        }
    }

    /** Waits as long as readings keep coming. */
    private void awaitOpened(Account account) throws IOException, InterruptedException {
        int before = -1;
        CompletableFuture<Void> all = account.sendingOver();
        while (account.opened() > before && !all.isDone()) {
            before = account.opened();
            await(all.copy().completeOnTimeout(null, LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Ends with its last state when the process is told to end, so that nothing is drawn over what is said then. */
    private ProgressBar bar(String label, long total) {
        return undo.add(screen.progress(label, total));
    }

    private void await(CompletableFuture<Void> work) throws IOException, InterruptedException {
        try {
            CompletableFuture.anyOf(work, broken).get();
            undo.orEnd();
        } catch (ExecutionException e) {
            undo.orEnd();
            throw new IOException(Explained.text(e), e);
        }
    }
}
