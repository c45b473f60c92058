package dev.latchkey.cloud.api;

import dev.latchkey.cloud.backup.BackupStores;
import dev.latchkey.cloud.chain.ChainFounding;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.Cosigning;
import dev.latchkey.cloud.chain.EvidenceDesk;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Receipts;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.chain.TransactionQueue;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.console.Metrics;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;

/** Puts the API together. */
public final class Api {
    private Api() {}

    /**
     * What the API stands on.
     *
     * @param founding takes further chains
     * @param evidence takes evidence against replicas
     * @param queues the queue of a chain
     * @param leadership which member of the cluster does what
     * @param peers whether a key is of another member of the cluster
     * @param backups the stores that a backup has
     * @param peerKey the key that the client of a TLS session proved to hold
     * @param workers where answers are worked out
     * @param unready why the node is not in service, if it is not
     */
    public record Parts(
            ChainsMachine chains,
            StoredChains store,
            ChainFounding founding,
            EvidenceDesk evidence,
            Function<OrderedChain, TransactionQueue> queues,
            MailboxLog mailboxes,
            Leadership leadership,
            Membership membership,
            Predicate<CoseKey> peers,
            BackupStores backups,
            Streams streams,
            Function<SSLSession, Optional<CoseKey>> peerKey,
            EcVerifier verifier,
            Clock clock,
            Executor workers,
            Supplier<Optional<String>> unready,
            Metrics metrics) {}

    /** All routes. */
    public static List<Route> routes(Parts parts) {
        Access access = new Access(parts.chains(), parts.peerKey(), parts.peers());
        Leadership leadership = parts.leadership();
        Visitors visitors = new Visitors();
        Receipts receipts = new Receipts(parts.store());
        Tickets tickets = new Tickets(parts.verifier());
        BatchResolution resolution = new BatchResolution(
                parts.store(),
                chain -> parts.chains().chain(chain).isPresent(),
                parts.mailboxes(),
                tickets,
                parts.clock());
        List<Route> routes = new ArrayList<>();
        routes.addAll(new HealthEndpoints(access, parts.unready(), parts.metrics(), parts.clock()).routes());
        routes.addAll(
                new ChainEndpoints(parts.chains(), parts.store(), access, receipts, parts.streams(), parts.workers())
                        .routes());
        routes.addAll(new ProofEndpoints(parts.store(), access, receipts, leadership).routes());
        routes.add(leadership.ofFoundings(
                new FoundingEndpoint(access, parts.founding(), visitors, parts.workers()).route()));
        routes.add(leadership.ofChains(new TransactionEndpoint(
                        access,
                        parts.queues(),
                        receipts,
                        visitors,
                        parts.workers(),
                        new TransactionFigures(parts.metrics()))
                .route()));
        Cosigning cosigning = new Cosigning(parts.verifier(), parts.clock());
        routes.addAll(new WitnessEndpoints(access, cosigning, visitors).routes());
        routes.add(new SignatureEndpoint(access, cosigning, parts.workers()).route());
        routes.add(new EvidenceEndpoint(access, parts.evidence(), visitors).route(leadership));
        routes.add(leadership.ofMailboxes(
                new MessageEndpoint(access, resolution, parts.mailboxes(), leadership, parts.metrics()).route()));
        routes.addAll(new ClusterEndpoints(access, parts.membership(), parts.mailboxes(), leadership::mark).routes());
        routes.add(new BackupEndpoint(access, parts.backups(), parts.clock(), parts.workers()).route());
        routes.addAll(new MailboxEndpoints(
                        access, parts.mailboxes(), leadership, tickets, parts.streams(), parts.clock(), parts.workers())
                .routes());
        SecondThoughts thoughts = new SecondThoughts(leadership, parts.chains(), parts.workers());
        return OpenApi.documented(routes.stream()
                .map(thoughts::of)
                .map(RequestBodies::of)
                .map(JsonForPeople::of)
                .toList());
    }
}
