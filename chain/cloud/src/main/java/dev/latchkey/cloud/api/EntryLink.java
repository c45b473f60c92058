package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.raft.Barrier;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Brings entries of mailboxes' groups to the members that lead them: a batch may have recipients in several groups, and
 * each group has a leader of its own. And has leaders mark a moment in their log. Thread-safe; never asks twice.
 */
public final class EntryLink implements RaftNode.Forwarder, Barrier.Marker {
    /** Longer than the leader itself takes to give up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than a leader that is cut off takes to know it; whoever reads shall come again, to another one. */
    private static final Duration MARK_PATIENCE = Duration.ofSeconds(5);

    private static final int MAX_MARK_BYTES = 9;

    private final HttpClient peers;
    private final LeaderWatch watch;

    /**
     * A link that speaks to the other members.
     *
     * @param workers where leaders that were asked are looked after
     */
    public EntryLink(HttpClient peers, Membership membership, Executor workers) {
        this.peers = peers;
        this.watch = new LeaderWatch(membership, workers);
    }

    @Override
    public CompletionStage<Bytes> forward(Member leader, String group, Bytes entry) {
        return posted(leader, group, "entries", entry, PATIENCE);
    }

    @Override
    public CompletionStage<Long> mark(Member leader, String group) {
        return posted(leader, group, "marks", Bytes.utf8(group), MARK_PATIENCE).thenApply(EntryLink::index);
    }

    private static long index(Bytes answer) {
        try {
            return Cbor.decode(answer, MAX_MARK_BYTES).asUint();
        } catch (MalformedCborException e) {
            throw new RaftFault("the member that leads the group answered no index", e);
        }
    }

    private CompletionStage<Bytes> posted(Member leader, String group, String what, Bytes body, Duration patience) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + leader.api() + "/v1/cluster/" + group + "/" + what))
                .timeout(patience)
                .header("Content-Type", MediaTypes.CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()))
                .build();
        CompletableFuture<HttpResponse<byte[]>> asked =
                peers.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        watch.watch(asked, leader, group);
        return asked.handle((answer, fault) -> {
            if (fault != null || answer.statusCode() != 200) {
                throw new RaftFault("the member that leads the group did not take the entry", fault);
            }
            return Bytes.wrap(answer.body());
        });
    }
}
