package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.ServerLimits;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.admin.AdminTree;
import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.intake.TicketDesk;
import dev.latchkey.gateway.outbox.OutboxSpace;
import dev.latchkey.gateway.outbox.Outboxes;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Peers;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.GatewaySettings.CoapBounds;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.StoreFault;
import dev.latchkey.gateway.tree.DeviceTree;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.MailboxAcknowledger;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway in this process: opened on its directory, listening, following the cloud. The one place where its
 * parts are put together; safe for use by many threads.
 */
public final class GatewayNode implements AutoCloseable {
    private static final long SWEEP_MINUTES = 60;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayNode.class);

    private final GatewaySettings settings;
    private final Clock clock;
    private final long startedMillis;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Void> inService = new CompletableFuture<>();
    private final CompletableFuture<StoreFault> failed = new CompletableFuture<>();
    private final Identity identity;
    private final Store store;
    private final List<ServedChain> chains = new ArrayList<>();
    private final Witnessing witnessing;
    private final Notifier notifier;
    private final Replicas replicas;
    private final Outboxes outboxes;
    private final Inbox inbox;
    private final Intake intake;
    private final CoapsServer devices;
    private final CoapsServer admins;

    private GatewayNode(GatewaySettings settings, Clock clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.startedMillis = clock.millis();
        try {
            EcProviders.install();
            EcVerifier verifier = EcProviders.verifier();
            this.identity = IdentityDirectory.load(settings.keys());
            Optional<Bytes> secret = Optional.empty();
            if (settings.enrolmentSecret().isPresent()) {
                secret = Optional.of(
                        EnrolmentSecret.read(settings.enrolmentSecret().get()));
            }
            GatewayThreads threads = opened(new GatewayThreads());
            Executor workers = threads.workers();
            ScheduledExecutorService timer = threads.timer();
            this.store = opened(Store.open(settings.data(), workers));
            store.onFault(failed::complete);

            this.notifier = new Notifier(timer);
            OutboxSpace space = new OutboxSpace(settings.bounds().outbox());
            for (NamedChain named : settings.chains()) {
                CloudClient cloud = new CloudClient(
                        named.id(),
                        settings.cloud().stream().map(HostPort::toString).toList(),
                        identity.dtls(),
                        verifier,
                        settings.cloudTiming());
                chains.add(opened(ServedChain.open(
                        named,
                        settings,
                        store,
                        cloud,
                        space,
                        verifier,
                        workers,
                        clock,
                        client -> new ServiceWatch(notifier, this::begun, this::checkInService, client::trust))));
            }
            this.replicas =
                    new Replicas(chains.stream().map(ServedChain::replica).toList());
            TicketBook tickets = TicketBook.open(store, replicas, clock);
            this.outboxes = new Outboxes(byChain(ServedChain::outbox));
            this.inbox = Inbox.open(
                    store, settings.bounds().inboxPerMember(), settings.bounds().inboxes());
            this.intake = Intake.open(
                    replicas, store, outboxes, inbox, tickets, settings.sessions(), verifier, workers, clock, notifier);
            SecureRandom random = new SecureRandom();
            this.witnessing = opened(new Witnessing(identity.sig(), settings.data(), store, clock, verifier));
            chains.forEach(chain -> chain.connect(store, inbox, tickets, notifier, witnessing, random));
            tickets.onNewTicket(chain -> chain(chain).mailboxes().regroup());
            MailboxAcknowledger acknowledger = opened(
                    new MailboxAcknowledger(byChain(ServedChain::cloud), inbox, tickets, settings.cloudTiming()));

            DeviceTree tree = new DeviceTree(
                    replicas,
                    intake,
                    new TicketDesk(this::name, tickets, store, verifier, workers, clock),
                    witnessing.desk(replicas, workers),
                    inbox,
                    store,
                    chain -> chain(chain).forwarder(),
                    opened(new SiblingChains(chain -> client(chain, verifier), verifier, witnessing.shelf())),
                    threads.asking(),
                    verifier,
                    workers,
                    clock,
                    settings.transactionWait(),
                    (member, more) -> {
                        workers.execute(
                                () -> chains.forEach(chain -> chain.mailboxes().madeRoom(member)));
                        if (more) {
                            notifier.arrived(List.of(member));
                        }
                    },
                    Version.current());
            this.devices = opened(listen(
                    "listen",
                    settings.listen(),
                    tree.addTo(server(settings.coap()).peers(new Peers(replicas, secret)))));
            this.admins = opened(listen(
                    "admin.listen",
                    settings.adminListen(),
                    new AdminTree(this::status)
                            .addTo(server(settings.coap()).peers(new Peers(replicas, Optional.empty())))));
            notifier.serve(member -> tickets.served(member).flatMap(this::handle), devices, admins);

            chains.forEach(ServedChain::start);
            acknowledger.start();
            timer.scheduleWithFixedDelay(intake::sweep, SWEEP_MINUTES, SWEEP_MINUTES, TimeUnit.MINUTES);
            timer.scheduleWithFixedDelay(
                    () -> workers.execute(() -> inbox.makeRoom(tickets::serves)), 1, 1, TimeUnit.MINUTES);
            checkInService();
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
            inService.get(longest.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Completes when the store fails; nothing is accepted from then on, and the process has to start anew. */
    public CompletableFuture<StoreFault> failed() {
        return failed;
    }

    /** How the gateway is. */
    public GatewayStatus status() {
        List<ChainStatus> served = chains.stream().map(ServedChain::status).toList();
        return new GatewayStatus(
                Version.current(),
                chains.stream()
                        .map(chain -> name(chain.named().id()))
                        .filter(name -> !name.isEmpty())
                        .findFirst()
                        .orElse(""),
                clock.millis() - startedMillis,
                served,
                outboxes.depth(),
                outboxes.bytes(),
                outboxes.refused(),
                inbox.bytes(),
                intake.sessions(),
                devices.sessions(),
                witnessing.shelf().count()
                        - served.stream().mapToLong(ChainStatus::evidence).sum(),
                store.syncs(),
                store.units());
    }

    /**
     * Stops: first what lets new work in, last the store, which writes what it still holds.
     *
     * @throws IOException if the store had failed before
     */
    @Override
    public void close() throws IOException {
        closeParts();
        if (failed.isDone()) {
            throw new IOException("the store failed", failed.join());
        }
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

    /** Each chain must have said what this gateway is in it; who runs one of several cannot keep it from the others. */
    private void checkInService() {
        if (inService.isDone()) {
            return;
        }
        List<Standing> standings = chains.stream()
                .map(chain -> Standing.of(chain, identity.dtls().publicKey()))
                .toList();
        if (standings.contains(Standing.UNKNOWN)) {
            return;
        }
        if (!standings.contains(Standing.GATEWAY)) {
            inService.completeExceptionally(new NotInServiceException(
                    chains.get(0).named().name() + ": " + standings.get(0).text()));
            return;
        }
        for (int i = 0; i < chains.size(); i++) {
            if (standings.get(i) != Standing.GATEWAY) {
                LOG.atWarn()
                        .addKeyValue("chain", chains.get(i).named().name())
                        .addKeyValue("reason", standings.get(i).text())
                        .log("this gateway is not in service for a chain of its settings");
            }
        }
        inService.complete(null);
    }

    /** A member is active now: where the same key was let in only to finish a move its connections end, to come anew. */
    private void begun(MemberHandle member) {
        for (ServedChain chain : chains) {
            chain.replica()
                    .members()
                    .byDtlsKey(member.record().keys().dtls())
                    .filter(other -> other != member && !other.isCurrent())
                    .ifPresent(notifier::memberEnded);
        }
    }

    private Optional<MemberHandle> self(Replica replica) {
        return replica.members().byDtlsKey(identity.dtls().publicKey());
    }

    /** The gateway's name on a chain; empty while it has none. */
    private String name(ChainId chain) {
        return self(chain(chain).replica()).map(MemberHandle::name).orElse("");
    }

    /** Under which handle a served member connects. */
    private Optional<MemberHandle> handle(TicketBook.Served member) {
        return chain(member.chain())
                .replica()
                .members()
                .byDtlsKey(member.record().keys().dtls());
    }

    private ServedChain chain(ChainId id) {
        return chains.stream()
                .filter(chain -> chain.named().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private <T> Map<ChainId, T> byChain(Function<ServedChain, T> part) {
        return chains.stream().collect(Collectors.toMap(chain -> chain.named().id(), part));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private CoapsServer.Builder server(CoapBounds bounds) {
        CoapsServer.Builder builder = CoapsServer.builder()
                .identity(identity.dtls())
                .connectionIdLength(bounds.connectionIdLength())
                .maxBody(SignedTransaction.MAX_BYTES)
                .limits(ServerLimits.DEFAULT
                        .withPeerRate(bounds.requestsPerSecond(), bounds.requestBurst())
                        .withRequestsInFlight(bounds.requestsInFlight())
                        .withConnections(bounds.connections(), bounds.connectionsPerMember()));
        return bounds.threads() == 0 ? builder : builder.threads(Math.max(2, bounds.threads()));
    }

    private static CoapsServer listen(String setting, HostPort address, CoapsServer.Builder server) throws IOException {
        InetSocketAddress resolved = address.address();
        if (resolved.isUnresolved()) {
            throw new UsageFault(setting + ": no such host: " + address);
        }
        try {
            return server.address(resolved).start();
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new UsageFault(setting + ": the port is in use: " + address);
                }
            }
            throw e;
        }
    }

    private CloudClient client(ChainId chain, EcVerifier verifier) {
        return new CloudClient(
                chain,
                settings.cloud().stream().map(HostPort::toString).toList(),
                identity.dtls(),
                verifier,
                settings.cloudTiming());
    }
}
