package dev.latchkey.gateway;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.admin.AdminChain;
import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.gateway.identity.OwnKeys;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.outbox.OutboxSpace;
import dev.latchkey.gateway.outbox.Outboxes;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sub-networks that a gateway serves: those of its settings, and those added while it runs. They are opened first, then
 * {@link #connect connected} to what they share, then started; safe for use by many threads from then on.
 */
final class ServedChains implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedChains.class);

    private final GatewaySettings settings;
    private final OwnKeys keys;
    private final Set<CloudClient> clients = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by itself
    private final Store store;
    private final EcVerifier verifier;
    private final Executor workers;
    private final Clock clock;
    private final Notifier notifier;
    private final OutboxSpace space;
    private final SecureRandom random = new SecureRandom();
    private final List<ServedChain> all = new CopyOnWriteArrayList<>();
    private final Replicas replicas = new Replicas();
    private final Outboxes outboxes = new Outboxes();
    private final CompletableFuture<Void> inService = new CompletableFuture<>();
    private final Set<ChainId> judged = new HashSet<>(); // guarded by this
    private Shared shared;
    private boolean closed; // guarded by this

    /** What all chains use together. */
    record Shared(Inbox inbox, TicketBook tickets, Witnessing witnessing) {}

    ServedChains(
            GatewaySettings settings,
            OwnKeys keys,
            Store store,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            Notifier notifier) {
        this.settings = settings;
        this.keys = keys;
        this.store = store;
        this.verifier = verifier;
        this.workers = workers;
        this.clock = clock;
        this.notifier = notifier;
        this.space = new OutboxSpace(settings.bounds().outbox(), store.room());
    }

    /**
     * Opens the chains of the settings on what the store holds of them.
     *
     * @throws IOException if a stored chain is damaged
     */
    void open() throws IOException {
        for (NamedChain named : settings.chains()) {
            register(opened(named));
        }
    }

    /** Makes what talks to the cloud about each chain; nothing is sent before {@link #start()}. */
    void connect(Shared parts) {
        shared = parts;
        all.forEach(this::connect);
        parts.tickets().onNewTicket(chain -> of(chain).mailboxes().regroup());
    }

    void start() {
        all.forEach(ServedChain::start);
        checkInService();
    }

    /**
     * Serves one chain more, from now on and until the gateway stops.
     *
     * @throws UsageFault if it is served already under this id or name, or there are as many as there may be
     * @throws IOException if the store holds a damaged one
     */
    synchronized void add(NamedChain named) throws IOException {
        if (closed) {
            throw new IOException("the gateway is stopping");
        }
        for (ServedChain chain : all) {
            if (chain.named().id().equals(named.id()) || chain.named().name().equals(named.name())) {
                throw new UsageFault("chains: " + named.name() + " is served already, by this id or by this name");
            }
        }
        if (all.size() >= GatewaySettings.MAX_CHAINS) {
            throw new UsageFault("chains: a gateway serves at most " + GatewaySettings.MAX_CHAINS);
        }
        ServedChain chain = opened(named);
        connect(chain);
        register(chain);
        chain.start();
        LOG.atInfo().addKeyValue("chain", named.name()).log("one chain more is served");
    }

    /** Settings have changed: chains that are new are served, and none is given up while the gateway runs. */
    void take(GatewaySettings before, GatewaySettings after) throws IOException {
        if (!after.chains().containsAll(before.chains())) {
            throw new UsageFault("chains: one that is served is given up by a start with another settings file only");
        }
        List<NamedChain> served = all.stream().map(ServedChain::named).toList();
        for (NamedChain chain : after.chains()) {
            if (!served.contains(chain)) {
                add(chain);
            }
        }
        space.limit(after.bounds().outbox());
        Logging.level(after.logLevel());
    }

    /** What the outboxes may take together, in bytes. */
    long outboxMaxBytes() {
        return space.maxBytes();
    }

    List<ServedChain> all() {
        return all;
    }

    Replicas replicas() {
        return replicas;
    }

    Outboxes outboxes() {
        return outboxes;
    }

    /** Completes when each chain of the settings has said what this gateway is in it, and one says that it is a gateway. */
    CompletableFuture<Void> inService() {
        return inService;
    }

    /** Whether {@link #inService()} has completed well. */
    boolean isInService() {
        return inService.isDone() && !inService.isCompletedExceptionally();
    }

    ServedChain of(ChainId id) {
        return all.stream()
                .filter(chain -> chain.named().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** A client that asks the cloud about a chain; the caller closes it. */
    CloudClient client(ChainId chain) {
        synchronized (clients) {
            CloudClient client = new CloudClient(
                    chain,
                    settings.cloud().stream().map(HostPort::toString).toList(),
                    keys.current().dtls(),
                    verifier,
                    settings.cloudTiming());
            keys.next().ifPresent(next -> client.mayShow(next.dtls()));
            clients.add(client);
            return client;
        }
    }

    /** The gateway has other keys, or is to have: the cloud is shown what it knows. */
    void keysChanged() {
        synchronized (clients) {
            Optional<Identity> next = keys.next();
            for (CloudClient client : clients) {
                next.ifPresentOrElse(
                        coming -> client.mayShow(coming.dtls()),
                        () -> client.show(keys.current().dtls()));
            }
        }
    }

    /** The gateway's name on a chain; empty while it has none. */
    String name(ChainId chain) {
        return self(of(chain).replica()).map(MemberHandle::name).orElse("");
    }

    /** The gateway's name in the first chain in which it has one; empty while it has none. */
    String name() {
        return all.stream()
                .map(chain -> name(chain.named().id()))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Under which handle a served member connects. */
    Optional<MemberHandle> handle(TicketBook.Served member) {
        return of(member.chain())
                .replica()
                .members()
                .byDtlsKey(member.record().keys().dtls());
    }

    /** What administrators can look at of each, in the order in which they came. */
    List<AdminChain> forAdmins() {
        return all.stream().map(ServedChain::forAdmins).toList();
    }

    /** How each is, in the order in which they came. */
    List<ChainStatus> status() {
        return all.stream().map(ServedChain::status).toList();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        IOException first = null;
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                all.get(i).close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private ServedChain opened(NamedChain named) throws IOException {
        return ServedChain.open(
                named,
                settings,
                store,
                client(named.id()),
                space,
                verifier,
                workers,
                clock,
                client -> new ServiceWatch(notifier, this::begun, this::checkInService, client::trust));
    }

    /** Requests may find it from now on. */
    private void register(ServedChain chain) {
        all.add(chain);
        outboxes.add(chain.named().id(), chain.outbox());
        replicas.add(chain.replica());
    }

    private void connect(ServedChain chain) {
        chain.connect(store, shared.inbox(), shared.tickets(), notifier, shared.witnessing(), random);
    }

    /** Asks once more what this gateway is, as long as nobody knows: the cloud may have had nothing new to say. */
    void recheck() {
        if (!inService.isDone()) {
            checkInService();
        }
    }

    /** Each chain must have said what this gateway is in it; who runs one of several cannot keep it from the others. */
    private void checkInService() {
        if (!inService.isDone()) {
            List<Standing> standings = all.stream().map(this::standing).toList();
            if (standings.size() < settings.chains().size() || standings.contains(Standing.UNKNOWN)) {
                return;
            }
            if (!standings.contains(Standing.GATEWAY)) {
                inService.completeExceptionally(new NotInServiceException(
                        all.get(0).named().name() + ": " + standings.get(0).text()));
                return;
            }
        }
        all.forEach(this::judge);
        inService.complete(null);
    }

    /** Warns once of a chain in which this gateway is none. */
    private void judge(ServedChain chain) {
        Standing standing = standing(chain);
        synchronized (this) {
            if (standing == Standing.UNKNOWN || !judged.add(chain.named().id())) {
                return;
            }
        }
        if (standing != Standing.GATEWAY) {
            LOG.atWarn()
                    .addKeyValue("chain", chain.named().name())
                    .addKeyValue("reason", standing.text())
                    .log("this gateway is not in service for a chain of its settings");
        }
    }

    private Standing standing(ServedChain chain) {
        return Standing.of(chain, keys.dtls());
    }

    /** A member is active now: where the same key was let in only to finish a move its connections end, to come anew. */
    private void begun(MemberHandle member) {
        for (ServedChain chain : all) {
            chain.replica()
                    .members()
                    .byDtlsKey(member.record().keys().dtls())
                    .filter(other -> other != member && !other.isCurrent())
                    .ifPresent(notifier::memberEnded);
        }
    }

    private Optional<MemberHandle> self(Replica replica) {
        return Standing.self(replica, keys.dtls());
    }
}
