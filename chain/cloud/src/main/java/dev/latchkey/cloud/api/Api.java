package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.ChainFounding;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.Cosigning;
import dev.latchkey.cloud.chain.EvidenceDesk;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Receipts;
import dev.latchkey.cloud.chain.TransactionQueue;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Metrics;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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
     * @param peerKey the key that the client of a TLS session proved to hold
     * @param workers where answers are worked out
     * @param ready whether the node is in service
     */
    public record Parts(
            ChainsMachine chains,
            ChainStore store,
            ChainFounding founding,
            EvidenceDesk evidence,
            Function<OrderedChain, TransactionQueue> queues,
            MailboxLog mailboxes,
            Streams streams,
            Function<SSLSession, Optional<CoseKey>> peerKey,
            EcVerifier verifier,
            Clock clock,
            Executor workers,
            BooleanSupplier ready,
            Metrics metrics) {}

    /** All routes. */
    public static List<Route> routes(Parts parts) {
        Access access = new Access(parts.chains(), parts.peerKey());
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
        routes.addAll(new HealthEndpoints(parts.chains(), access, parts.ready(), parts.metrics()).routes());
        routes.addAll(
                new ChainEndpoints(parts.chains(), parts.store(), access, receipts, parts.streams(), parts.workers())
                        .routes());
        routes.addAll(new ProofEndpoints(parts.store(), access, receipts).routes());
        routes.add(new FoundingEndpoint(access, parts.founding(), visitors, parts.workers()).route());
        routes.add(new TransactionEndpoint(
                        access,
                        parts.queues(),
                        receipts,
                        visitors,
                        parts.workers(),
                        new TransactionFigures(parts.metrics()))
                .route());
        Cosigning cosigning = new Cosigning(parts.verifier(), parts.clock());
        routes.addAll(new WitnessEndpoints(access, cosigning, visitors).routes());
        routes.add(new EvidenceEndpoint(access, parts.evidence(), visitors).route());
        routes.add(new MessageEndpoint(access, resolution, parts.mailboxes(), parts.metrics()).route());
        routes.addAll(new MailboxEndpoints(
                        access, parts.mailboxes(), tickets, parts.streams(), parts.clock(), parts.workers())
                .routes());
        return OpenApi.documented(
                routes.stream().map(RequestBodies::of).map(JsonForPeople::of).toList());
    }
}
