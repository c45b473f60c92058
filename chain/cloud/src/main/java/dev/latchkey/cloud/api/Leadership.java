package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.chain.ChainPool;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.raft.Barrier;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.ChainId;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;

/**
 * Which member of a cluster does what. Thread-safe. What changes something is done by the member that leads the log, since
 * only its state is surely the newest: another one hands the request on to it, with the key that the client showed, and
 * the answer back. It never asks twice: whoever is not sure of the answer sends the same request again, which is done
 * once. A node alone leads always.
 */
public final class Leadership {
    /** Headers of a request that matter to whoever answers it. */
    private static final List<String> PASSED = List.of("Content-Type", "Accept", MailboxEndpoints.TICKET_HEADER);

    /** Headers of an answer that the client gets as well. */
    private static final List<String> RETURNED = List.of("Cache-Control", "Retry-After");

    /** Longer than the leader itself takes to give up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A head whose signature takes longer is answered with 503. */
    private static final long MAX_SIGNING_SECONDS = 20;

    private final RaftNode raft;
    private final Groups groups;
    private final Function<SSLSession, Optional<CoseKey>> peerKey;
    private final Optional<HttpClient> peers;
    private final Executor workers;
    private final LeaderWatch watch;
    private final ConcurrentMap<String, Barrier> barriers = new ConcurrentHashMap<>();

    /**
     * The leadership of a node's groups.
     *
     * @param peerKey the key that the client of a TLS session proved to hold
     * @param peers speaks to the other members, if there are any
     */
    public Leadership(
            RaftNode raft,
            Groups groups,
            Function<SSLSession, Optional<CoseKey>> peerKey,
            Optional<HttpClient> peers,
            Executor workers) {
        this.raft = raft;
        this.groups = groups;
        this.peerKey = peerKey;
        this.peers = peers;
        this.workers = workers;
        this.watch = new LeaderWatch(raft.membership(), workers);
    }

    /** The groups that order chains and keep mailboxes. */
    public record Groups(ChainPool chains, MailboxShards mailboxes) {
        private String chain(ChainId chain) {
            return chains.group(chain).orElse(chains.groups().get(0));
        }

        /** Of the chain that a path names; of one that is not known here the first one, whose leader knows most. */
        private String chain(Call call) {
            String text = call.variable("c");
            return text.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")
                    ? chain(new ChainId(Digest.of(Bytes.fromHex(text))))
                    : chains.groups().get(0);
        }
    }

    /** Whether there are no other members. */
    boolean isAlone() {
        return peers.isEmpty();
    }

    /** A route that begins chains. */
    Route ofFoundings(Route route) {
        return led(route, call -> groups.chains().groups().get(0));
    }

    /** A route that changes the chain of its path. */
    Route ofChains(Route route) {
        return led(route, groups::chain);
    }

    /** A route that changes mailboxes of several groups. */
    Route ofMailboxes(Route route) {
        return led(route, call -> groups.mailboxes().all().get(0).group());
    }

    /** A route that changes the mailbox of its path, whose owner the function finds. */
    Route ofMailbox(Route route, Function<Call, Bytes> owner) {
        if (groups.mailboxes().all().size() == 1) {
            return ofMailboxes(route);
        }
        Route led = led(route, call -> groups.mailboxes().of(owner.apply(call)).group());
        // whose mailbox it is must be known here as well as anywhere
        return new Route(
                led.method(),
                led.path(),
                led.maxBodyBytes(),
                led.gate(),
                call -> chainsFresh().thenCompose(fresh -> led.endpoint().answer(call)));
    }

    /** Completes on workers when this node has applied all that any member acknowledged of chains before. */
    CompletionStage<Void> chainsFresh() {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (String group : groups.chains().groups()) {
            all = all.thenCombine(fresh(group), (done, fresh) -> null);
        }
        return all;
    }

    /** Completes on workers when this node has signed all of a chain that any member acknowledged before. */
    CompletionStage<Void> signedFresh(OrderedChain chain) {
        if (peers.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return fresh(groups.chain(chain.id()))
                .thenCompose(fresh -> chain.line()
                        .reached(chain.applied().height())
                        .copy()
                        .orTimeout(MAX_SIGNING_SECONDS, TimeUnit.SECONDS))
                .thenAcceptAsync(signed -> {}, workers)
                .exceptionally(fault -> {
                    throw NoCheckpoint.cause(fault);
                });
    }

    /** Completes on workers when this node has applied all that any member acknowledged of a mailbox before. */
    CompletionStage<Void> mailboxFresh(Bytes owner) {
        return fresh(groups.mailboxes().of(owner).group());
    }

    /** Marks this moment in the log of a group that this node leads. Completes with the index there. */
    CompletionStage<Long> mark(String group) {
        return raft.mark(group);
    }

    private CompletionStage<Void> fresh(String group) {
        if (peers.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return barriers.computeIfAbsent(
                        group,
                        name -> new Barrier(raft, name, new EntryLink(peers.orElseThrow(), raft.membership(), workers)))
                .pass()
                .handleAsync(
                        (done, fault) -> {
                            if (fault == null) {
                                return null;
                            }
                            Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                            throw cause instanceof RaftFault ? Refusal.notReady() : new CompletionException(cause);
                        },
                        workers);
    }

    private Route led(Route route, Function<Call, String> group) {
        return peers.isEmpty()
                ? route
                : new Route(
                        route.method(),
                        route.path(),
                        route.maxBodyBytes(),
                        route.gate(),
                        call -> answer(route, group.apply(call), call));
    }

    private CompletionStage<Answer> answer(Route route, String group, Call call) {
        if (raft.isReady(group)) {
            if (!raft.mayOrder()) {
                throw Refusal.notReady(); // nothing is judged by a wrong clock
            }
            return route.endpoint().answer(call);
        }
        String self = raft.membership().self();
        Member leader = raft.membership()
                .leader(group)
                .filter(found -> !found.id().equals(self) && !Forwarded.is(call))
                .orElseThrow(Refusal::notReady);
        CompletableFuture<HttpResponse<byte[]>> asked =
                peers.orElseThrow().sendAsync(request(leader, route, call), HttpResponse.BodyHandlers.ofByteArray());
        watch.watch(asked, leader, group);
        return asked.<Answer>thenApply(Leadership::whole).exceptionally(fault -> {
            throw Refusal.notReady();
        });
    }

    private HttpRequest request(Member leader, Route route, Call call) {
        String path = route.path().stream()
                .map(part -> part.startsWith("{") ? call.variable(part.substring(1, part.length() - 1)) : part)
                .map(Leadership::escaped)
                .collect(Collectors.joining("/", "/", ""));
        String query = call.query().entrySet().stream()
                .map(entry -> escaped(entry.getKey()) + "=" + escaped(entry.getValue()))
                .collect(Collectors.joining("&"));
        URI target = URI.create("https://" + leader.api() + path + (query.isEmpty() ? "" : "?" + query));
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .method(
                        route.method(),
                        call.body().size() == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(
                                        call.body().toArray()));
        for (String name : PASSED) {
            call.header().apply(name).ifPresent(value -> request.header(name, value));
        }
        Forwarded.mark(request, peerKey.apply(call.tls()), call.remote());
        return request.build();
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Answer.Whole whole(HttpResponse<byte[]> response) {
        Map<String, String> headers = new HashMap<>();
        for (String name : RETURNED) {
            response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        String type = response.headers().firstValue("Content-Type").orElse(MediaTypes.CBOR);
        return new Answer.Whole(response.statusCode(), type, headers, Bytes.wrap(response.body()));
    }
}
