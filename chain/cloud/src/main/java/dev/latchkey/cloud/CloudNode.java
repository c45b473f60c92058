package dev.latchkey.cloud;

import dev.latchkey.cloud.api.Api;
import dev.latchkey.cloud.api.EntryLink;
import dev.latchkey.cloud.api.FellowLink;
import dev.latchkey.cloud.api.KnownClients;
import dev.latchkey.cloud.api.Leadership;
import dev.latchkey.cloud.api.MailboxLog;
import dev.latchkey.cloud.api.Problems;
import dev.latchkey.cloud.api.Streams;
import dev.latchkey.cloud.backup.BackupStores;
import dev.latchkey.cloud.chain.Alarm;
import dev.latchkey.cloud.chain.ChainBirth;
import dev.latchkey.cloud.chain.ChainFounding;
import dev.latchkey.cloud.chain.ChainOpener;
import dev.latchkey.cloud.chain.ChainPool;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.EvidenceDesk;
import dev.latchkey.cloud.chain.EvidenceShelf;
import dev.latchkey.cloud.chain.Fellows;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Provenance;
import dev.latchkey.cloud.chain.RememberedSignatures;
import dev.latchkey.cloud.chain.TransactionQueue;
import dev.latchkey.cloud.http.Doors;
import dev.latchkey.cloud.http.HttpsServer;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.mailbox.MailboxStore;
import dev.latchkey.cloud.mailbox.Mailboxes;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cloud.raft.Transport;
import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cloud node, wired by hand. Thread-safe. The order of its parts is the order in which a crash is recovered, which is
 * also how it starts: stores, chains replayed from them, the log that gives again what they lost, then the door.
 */
public final class CloudNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CloudNode.class);
    static final StoreFormat FORMAT = new StoreFormat("latchkey-cloud", 1);
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration PEER_PATIENCE = Duration.ofSeconds(2);
    private static final long BIRTHS_MILLIS = 100;

    private final Clock clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    private final ConcurrentMap<ChainId, TransactionQueue> queues = new ConcurrentHashMap<>();
    private final CloudFigures figures = new CloudFigures();
    private final Streams streams = new Streams();
    private final SecureRandom random = new SecureRandom();
    private final List<ChainBirth> births = new ArrayList<>();
    private CloudThreads threads;
    private ChainsMachine chains;
    private ChainPool pool;
    private MailboxShards shards;
    private BackupStores backups;
    private ChainFounding founding;
    private Optional<HttpClient> peers;
    private Optional<ClusterWatch> watch = Optional.empty();
    private volatile Fellows fellows = Fellows.NONE;
    private RaftNode raft;
    private EcVerifier verifier;
    private HttpsServer https;

    private CloudNode(Clock clock) {
        this.clock = clock;
    }

    /**
     * Starts a node; when this returns it is in service.
     *
     * @throws IOException if a file, the log or the port cannot be had
     */
    public static CloudNode start(CloudSettings settings, Clock clock) throws IOException {
        CloudNode node = new CloudNode(clock);
        try {
            node.open(settings);
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void open(CloudSettings settings) throws IOException {
        Path data = settings.data();
        FORMAT.claim(data);
        settings.groups().check(data);
        EcProviders.install();
        SignedTransaction.keepDecoded();
        verifier = new RememberedSignatures(EcProviders.verifier());
        threads = kept(CloudThreads.start());
        BlockVerifier blocks = new BlockVerifier(verifier, threads.checkers());
        KeyPair replica = KeyFile.read(settings.replicaKey());
        KeyPair tls = KeyFile.read(settings.tlsKey());
        backups = new BackupStores(data);
        openChains(settings, blocks, replica);
        openMailboxes(settings);
        backups.clear(); // the stores are ours, so no other process makes a backup of them
        if (settings.cluster().isPresent()) {
            FirstStart.check(settings.cluster().get(), settings.groups(), tls, data.resolve("raft"));
        }
        Optional<Transport> transport = settings.cluster().map(cluster -> cluster.transport(tls));
        Map<String, GroupMachine> machines = new HashMap<>(pool.machines());
        shards.all()
                .forEach(shard -> machines.put(shard.group(), shard.mailboxes().machine()));
        long begun = System.nanoTime();
        raft = kept(RaftNode.start(data.resolve("raft"), machines, transport, this::fail, START_PATIENCE));
        long leadMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        peers = transport.map(cluster -> PinnedHttp.client(tls, this::isPeer, PEER_PATIENCE));
        peers.ifPresent(link -> fellows = new FellowLink(link, this::fellows));
        watch = settings.cluster()
                .map(cluster -> ClusterWatch.start(
                        raft,
                        peers.orElseThrow(),
                        cluster.clockTolerance(),
                        clock,
                        threads.timer(),
                        ClusterWatch.alarms(chains, pool)));
        founding = new ChainFounding(
                pool,
                new Policy.Replica(replica.publicKey(), tls.publicKey()),
                new ChainFounding.Parts(raft, blocks, clock, settings.maxChains()));
        pool.onPlaced(() -> threads.workers().execute(founding::beginPlaced));
        for (Path genesis : settings.genesis()) {
            births.add(ChainBirth.verified(AtomicFile.read(genesis, SignedTransaction.MAX_BYTES), blocks));
        }
        if (transport.isEmpty()) {
            for (ChainBirth birth : missing()) {
                await(birth);
            }
            chains.chains().forEach(this::awaitCheckpoint);
        }
        threads.timer().scheduleWithFixedDelay(this::beginMissing, BIRTHS_MILLIS, BIRTHS_MILLIS, TimeUnit.MILLISECONDS);
        MailboxLog log = new MailboxLog(
                shards,
                settings.mailboxes(),
                raft,
                peers.map(link -> new EntryLink(link, raft.membership(), threads.workers())),
                threads.workers());
        EvidenceShelf shelf = EvidenceShelf.open(data.resolve("evidence"));
        EvidenceDesk desk = new EvidenceDesk(chains, this::queue, shelf, replica, verifier);
        peers.ifPresent(link -> FellowWork.start(link, shelf, shards, raft, pool, settings.scrub(), threads));
        figures.watch(chains, streams, shelf, clock);
        figures.watch(shards, clock);
        figures.watch(data);
        figures.watch(
                queues.values(), () -> readiness(data).missing(settings.ready()).isEmpty());
        ClusterWatch.figures(figures.metrics(), raft.membership().self(), watch);
        new RaftFigures(raft.membership(), raft::isLed).watch(figures.metrics());
        serve(settings, tls, desk, log);
        Housekeeping.start(
                threads.timer(),
                clock,
                chains,
                this::queue,
                streams,
                log,
                threads.keeper(),
                chain -> raft.isReady(pool.group(chain.id()).orElseThrow()),
                () -> raft.membership().groups().stream().allMatch(raft::isLed));
        LOG.info(
                "in service: crypto={} chains={} leadMillis={}",
                EcProviders.name(),
                chains.chains().size(),
                leadMillis);
    }

    private void openChains(CloudSettings settings, BlockVerifier blocks, KeyPair replica) throws IOException {
        pool = new ChainPool(settings.groups().chainGroups());
        List<ChainStore> stores = new ArrayList<>();
        for (String group : pool.groups()) {
            stores.add(kept(ChainStore.open(settings.data().resolve(group))));
            backups.chains(group, stores.get(stores.size() - 1));
        }
        kept(pool);
        for (ChainStore store : stores) {
            Path guards = settings.data().resolve("guard");
            ChainOpener opener = new ChainOpener(
                    guards,
                    store,
                    blocks,
                    verifier,
                    replica,
                    (signed, answer) -> fellows.show(signed, answer),
                    clock,
                    settings.scrub(),
                    threads.line());
            ChainsMachine machine = pool.add(store, opener);
            chains = chains == null ? machine : chains;
        }
    }

    private void openMailboxes(CloudSettings settings) throws IOException {
        List<MailboxShards.Shard> all = new ArrayList<>();
        for (String group : settings.groups().mailboxGroups()) {
            MailboxStore letters = kept(MailboxStore.open(settings.data().resolve(group)));
            backups.mailboxes(group, letters);
            all.add(new MailboxShards.Shard(group, new Mailboxes(letters)));
        }
        kept(threads); // once more: on the way down they end before the stores that they read
        all.forEach(shard -> kept(shard.mailboxes())); // and what compacts them before its thread
        shards = new MailboxShards(all, MailboxShards.evenly(all.size()));
    }

    private <T extends AutoCloseable> T kept(T part) {
        parts.push(part);
        return part;
    }

    /** Chains of the settings that have not begun. */
    private List<ChainBirth> missing() {
        return births.stream()
                .filter(birth -> chains.chain(birth.id()).isEmpty())
                .toList();
    }

    /** Whoever leads begins them, once; and what was placed by somebody who went away before it began. */
    private void beginMissing() {
        try {
            founding.beginPlaced();
            if (raft.isReady(pool.groups().get(0))) {
                for (ChainBirth birth : missing()) {
                    founding.begin(birth);
                }
            }
        } catch (ChainFounding.RefusedException | RuntimeException e) {
            LOG.debug("a chain of the settings does not begin now; it is tried again", e);
        }
    }

    /** Begins a chain of the settings and waits until it has. */
    private void await(ChainBirth birth) throws IOException {
        try {
            founding.begin(birth).toCompletableFuture().get(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ChainFounding.RefusedException | ExecutionException | TimeoutException | RuntimeException e) {
            throw new IOException("the log did not take the genesis transaction", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the chain began", e);
        }
    }

    /** Before the node serves it has signed each chain's head, unless something keeps it from signing. */
    private void awaitCheckpoint(OrderedChain chain) {
        boolean signed = chain.line().awaitPublished(START_PATIENCE);
        if (!signed) {
            LOG.warn(
                    "no checkpoint: chain={} alarm={}", chain.id(), chain.line().alarm());
        }
    }

    private void serve(CloudSettings settings, KeyPair tls, EvidenceDesk evidence, MailboxLog log) throws IOException {
        Path data = settings.data();
        Api.Parts api = new Api.Parts(
                chains,
                pool,
                founding,
                evidence,
                this::queue,
                log,
                new Leadership(raft, new Leadership.Groups(pool, shards), PinnedTls::peerKey, peers, threads.workers()),
                raft.membership(),
                this::isPeer,
                backups,
                streams,
                PinnedTls::peerKey,
                verifier,
                clock,
                threads.workers(),
                () -> readiness(data).missing(settings.ready()).map(why -> why.detail(chains, shards)),
                figures.metrics());
        https = kept(HttpsServer.start(
                settings.https(),
                PinnedTls.server(tls, key -> true),
                Api.routes(api),
                threads.workers(),
                new Doors(Problems::answer, KnownClients.of(api), figures)));
        parts.push(streams);
    }

    /** The other members of the group that orders a chain. */
    private List<Member> fellows(ChainId chain) {
        String self = raft.membership().self();
        return raft.membership().members(pool.group(chain).orElseThrow()).stream()
                .filter(member -> !member.id().equals(self))
                .toList();
    }

    private boolean isPeer(CoseKey key) {
        return raft.membership().isWelcome(PublicKeys.text(key));
    }

    private TransactionQueue queue(OrderedChain chain) {
        return queues.computeIfAbsent(
                chain.id(),
                id -> new TransactionQueue(
                        chain,
                        new TransactionQueue.Parts(
                                raft,
                                pool.group(id).orElseThrow(),
                                verifier,
                                new Provenance(chains::chain),
                                threads.checkers(),
                                threads.workers(),
                                threads.miners(),
                                clock,
                                random)));
    }

    private Readiness readiness(Path data) {
        return new Readiness(
                !fatal.isDone(),
                raft.membership().groups().stream()
                        .map(group -> Readiness.Group.of(raft.membership().status(group), raft.isLed(group)))
                        .toList(),
                watch.filter(ClusterWatch::isClockWrong).isEmpty(),
                missing().isEmpty(),
                chains.chains().stream().allMatch(chain -> chain.line().alarm() == Alarm.NONE),
                shards.findings().isEmpty(),
                data.toFile().getUsableSpace());
    }

    private void fail(Throwable cause) {
        if (fatal.complete(cause)) {
            LOG.error("the node stops: its state is not known any more", cause);
        }
    }

    /** Completes with the cause when the node can no longer vouch for its state; the process must then end. */
    public CompletableFuture<Throwable> fatal() {
        return fatal;
    }

    /** Which group orders which chain. */
    Map<ChainId, String> places() {
        return pool.places();
    }

    /** Where the node listens. */
    public InetSocketAddress address() {
        return https.address();
    }

    /** Stops in the reverse order of the start. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part did not close", e);
            }
        }
    }
}
