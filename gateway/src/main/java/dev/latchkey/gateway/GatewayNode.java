package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.SavedConnections;
import dev.latchkey.coap.ServedRoute;
import dev.latchkey.console.LogRing;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.admin.Endpoints;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.admin.LogResource;
import dev.latchkey.gateway.admin.MembersSeen;
import dev.latchkey.gateway.admin.MetricsServer;
import dev.latchkey.gateway.directory.ResourceDirectory;
import dev.latchkey.gateway.enrol.ProvisionalBook;
import dev.latchkey.gateway.enrol.ProvisionalBounds;
import dev.latchkey.gateway.enrol.ProvisionalDesk;
import dev.latchkey.gateway.enrol.ProvisionalQueue;
import dev.latchkey.gateway.identity.OwnKeys;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.LocalSessions;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.intake.TicketDesk;
import dev.latchkey.gateway.replica.Peers;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.StoreFault;
import dev.latchkey.gateway.tree.DeviceTree;
import dev.latchkey.gateway.uplink.MailboxAcknowledger;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.MachineBoot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway in this process: opened on its directory, listening, following the cloud. The one place where its
 * parts are put together; safe for use by many threads.
 */
public final class GatewayNode implements AutoCloseable {
    private static final long SWEEP_MINUTES = 60;
    private static final long DISK_SECONDS = 5;

    /** How often provisional joins are held against the chain. */
    private static final long SETTLE_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(GatewayNode.class);

    private final GatewaySettings settings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<StoreFault> failed = new CompletableFuture<>();
    private final OwnKeys keys;
    private final Store store;
    private final ServedChains chains;
    private final Notifier notifier;
    private final Reporting reporting;
    private final CoapsServer devices;
    private final CoapsServer admins;
    private final Optional<MetricsServer> figures;
    private volatile boolean stopping;

    private GatewayNode(GatewaySettings settings, Clock clock) throws IOException {
        this.settings = settings;
        try {
            this.keys = OwnKeys.open(settings.keys());
            Optional<Bytes> secret = Optional.empty();
            if (settings.enrolmentSecret().isPresent()) {
                secret = Optional.of(
                        EnrolmentSecret.read(settings.enrolmentSecret().get()));
            }
            GatewayThreads threads = opened(new GatewayThreads());
            Executor workers = threads.workers();
            ScheduledExecutorService timer = threads.timer();
            this.notifier = new Notifier(timer);
            LogRing log = opened(LogRing.open(settings.logKept(), () -> notifier.adminsChanged(LogResource.LOG)));
            this.store = opened(Store.open(settings.data(), settings.bounds().diskReserve(), workers));
            store.onFault(failed::complete);
            // Chosen and tested beside all that by now.
            EcProviders.install();
            EcVerifier verifier = EcProviders.verifier();
            Restoration.settle(store, clock);

            this.chains = opened(new ServedChains(settings, keys, store, verifier, workers, clock, notifier));
            chains.open();
            Replicas replicas = chains.replicas();
            TicketBook tickets = TicketBook.open(store, replicas, clock);
            Inbox inbox = Inbox.open(
                    store, settings.bounds().inboxPerMember(), settings.bounds().inboxes());
            ResourceDirectory directory = ResourceDirectory.open(store, replicas, clock, settings.directory());
            ProvisionalBounds bounds = settings.provisional();
            ProvisionalBook provisionals = ProvisionalBook.open(store, replicas);
            LocalSessions local = new LocalSessions(inbox, tickets, provisionals, bounds.sessions());
            Intake intake = Intake.open(
                    replicas,
                    store,
                    chains.outboxes(),
                    inbox,
                    tickets,
                    local,
                    settings.sessions(),
                    verifier,
                    workers,
                    clock,
                    notifier);
            Witnessing witnessing = opened(new Witnessing(keys.sig(), settings.data(), store, clock, verifier));
            chains.connect(new ServedChains.Shared(inbox, tickets, witnessing));
            MailboxAcknowledger acknowledger = opened(
                    new MailboxAcknowledger(chain -> chains.of(chain).cloud(), inbox, tickets, settings.cloudTiming()));

            MembersSeen seen = new MembersSeen(settings.membersSeen(), clock);
            DeviceTree tree = new DeviceTree(
                    replicas,
                    intake,
                    new TicketDesk(chains::name, tickets, store, verifier, workers, clock),
                    witnessing.desk(replicas, workers),
                    inbox,
                    directory,
                    store,
                    chain -> chains.of(chain).forwarder(),
                    new ProvisionalDesk(provisionals, replicas, store, keys.sig(), clock, bounds),
                    opened(new SiblingChains(chains::client, verifier, witnessing.shelf())),
                    threads.asking(),
                    verifier,
                    workers,
                    clock,
                    settings.transactionWait(),
                    (member, more) -> {
                        workers.execute(() ->
                                chains.all().forEach(chain -> chain.mailboxes().madeRoom(member)));
                        if (more) {
                            notifier.arrived(List.of(member));
                        }
                    },
                    seen,
                    Version.current());
            AdminJobs jobs =
                    opened(new AdminJobs(settings, store, chains, intake, notifier, clock, keys, this::endpoints));
            this.reporting = new Reporting(
                    clock.millis(),
                    clock,
                    chains,
                    store,
                    inbox,
                    intake,
                    directory,
                    provisionals,
                    seen,
                    witnessing.shelf(),
                    this::endpoints);
            ConnectionKeeper keeper = new ConnectionKeeper(store, MachineBoot.id(), clock);
            CoapsServer.Builder deviceServer =
                    tree.addTo(Listening.server(keys.current().dtls(), settings.coap())
                            .peers(new Peers(replicas, provisionals, secret))
                            .heard(seen::request));
            // Taken in any case: nothing of an earlier stop is left lying.
            keeper.take(settings.coap().resumeMaxAge())
                    .filter(saved -> settings.coap().resumeAfterStop())
                    .ifPresent(deviceServer::resume);
            this.devices = Listening.listen("listen", settings.listen(), deviceServer);
            parts.push(() -> stopDevices(keeper));
            Administration administration = new Administration(
                    settings,
                    keys.sig(),
                    chains,
                    seen,
                    tickets,
                    inbox,
                    intake,
                    witnessing.shelf(),
                    workers,
                    clock,
                    reporting::status,
                    this::endpoints,
                    log);
            this.admins = opened(Listening.listen(
                    "admin.listen",
                    settings.adminListen(),
                    administration
                            .tree(List.of(jobs.resource()))
                            .addTo(Listening.server(keys.current().dtls(), settings.coap())
                                    .peers(new Peers(replicas, ProvisionalMembers.NONE, Optional.empty()))
                                    .heard(seen::request))));
            this.figures = metrics();
            notifier.serve(
                    member -> tickets.served(member).flatMap(chains::handle).or(() -> provisionals.handle(member)),
                    devices,
                    admins);
            ProvisionalQueue queue = new ProvisionalQueue(
                    provisionals,
                    replicas,
                    store,
                    local,
                    chain -> chains.of(chain).isCloudUp(),
                    chain -> chains.of(chain).forwarder(),
                    clock,
                    bounds,
                    settings.cloudTiming().longestRetry(),
                    notifier);

            chains.start();
            acknowledger.start();
            jobs.resume();
            timer.scheduleWithFixedDelay(chains::recheck, SETTLE_MILLIS, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            timer.scheduleWithFixedDelay(() -> workers.execute(directory::sweep), 1, 1, TimeUnit.MINUTES);
            timer.scheduleWithFixedDelay(intake::sweep, SWEEP_MINUTES, SWEEP_MINUTES, TimeUnit.MINUTES);
            timer.scheduleWithFixedDelay(queue::sweep, SWEEP_MINUTES, SWEEP_MINUTES, TimeUnit.MINUTES);
            timer.scheduleWithFixedDelay(
                    () -> workers.execute(() -> chains.all()
                            .forEach(chain -> tickets.forgetPast(
                                    store, chain.named().id(), chain.outbox().waitingSince(clock)))),
                    SWEEP_MINUTES,
                    SWEEP_MINUTES,
                    TimeUnit.MINUTES);
            timer.scheduleWithFixedDelay(
                    () -> workers.execute(this::makeRoomOnDisk), DISK_SECONDS, DISK_SECONDS, TimeUnit.SECONDS);
            timer.scheduleWithFixedDelay(
                    () -> workers.execute(queue::tick), SETTLE_MILLIS, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
            timer.scheduleWithFixedDelay(
                    () -> workers.execute(() -> inbox.makeRoom(member -> tickets.serves(member)
                            || provisionals.handle(member).isPresent())),
                    1,
                    1,
                    TimeUnit.MINUTES);
        } catch (IOException | RuntimeException e) {
            try {
                closeParts();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * Opens the gateway's directory, listens and follows the cloud; returns before anything has come from there.
     *
     * @throws UsageFault if a setting or key file is wrong or a port is in use
     * @throws IOException if the store cannot be opened or is damaged
     */
    public static GatewayNode start(GatewaySettings settings, Clock clock) throws IOException {
        return new GatewayNode(settings, clock);
    }

    /**
     * Waits until the gateway can answer for its chain: it has verified blocks up to a checkpoint of the cloud, from disk or
     * from the network, and stands in them as an active gateway.
     *
     * @return false if that takes longer
     * @throws NotInServiceException if the chain says that it is none
     */
    public boolean awaitInService(Duration longest) throws IOException, InterruptedException {
        try {
            chains.inService().get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotInServiceException known
                    ? new NotInServiceException(known.getMessage(), known)
                    : new IOException(e.getCause());
        }
    }

    /** Where devices connect. */
    public InetSocketAddress address() {
        return devices.address();
    }

    /** Where administrators connect. */
    public InetSocketAddress adminAddress() {
        return admins.address();
    }

    /** All that devices can ask. */
    public List<ServedRoute> deviceRoutes() {
        return devices.routes();
    }

    /** All that administrators can ask. */
    public List<ServedRoute> adminRoutes() {
        return admins.routes();
    }

    /** Where Prometheus reads the figures, if anywhere. */
    public Optional<InetSocketAddress> metricsAddress() {
        return figures.map(MetricsServer::address);
    }

    /** Completes when the store fails; nothing is accepted from then on, and the process has to start anew. */
    public CompletableFuture<StoreFault> failed() {
        return failed;
    }

    /**
     * Serves one sub-network more until the gateway stops; what is known of it comes from the cloud and is verified as ever.
     *
     * @throws UsageFault if it is served already, under this id or name, or there are too many
     * @throws IOException if the store holds a damaged one
     */
    public void serve(NamedChain chain) throws IOException {
        chains.add(chain);
    }

    /** How the gateway is. */
    public GatewayStatus status() {
        return reporting.status();
    }

    private Optional<MetricsServer> metrics() throws IOException {
        if (settings.metrics().listen().isEmpty()) {
            return Optional.empty();
        }
        MetricsServer.Source source = new MetricsServer.Source(
                reporting::status,
                reporting::notAlive,
                () -> stopping ? Optional.of("stopping") : reporting.notReady());
        return Optional.of(opened(Listening.bound(
                "metrics.listen", settings.metrics().listen().get(), address -> MetricsServer.start(address, source))));
    }

    private Endpoints endpoints() {
        return new Endpoints(devices, admins);
    }

    /**
     * Stops: first what lets new work in, last the store, which writes what it still holds.
     *
     * @throws IOException if the store had failed before
     */
    @Override
    public void close() throws IOException {
        stopping = true;
        closeParts();
        if (failed.isDone()) {
            throw new IOException("the store failed", failed.join());
        }
    }

    /** After a failed store the next start must not rely on what this one said was written, connections neither. */
    private void stopDevices(ConnectionKeeper keeper) {
        if (!settings.coap().resumeAfterStop() || failed.isDone()) {
            devices.close();
            return;
        }
        try {
            Optional<SavedConnections> saved = devices.stopAndSave();
            if (saved.isPresent()) {
                keeper.leave(saved.get());
            }
        } catch (IOException e) {
            LOG.warn("the connections are not kept: devices will make new handshakes", e);
        }
    }

    /** Gives room back; then what was left in the mailboxes for want of it is asked for again. */
    private void makeRoomOnDisk() {
        store.reclaim();
        chains.all().forEach(chain -> chain.mailboxes().lookForRoom());
    }

    private void closeParts() throws IOException {
        IOException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                first = first == null ? new IOException("a part did not close", e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }
}
