package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Brings entries of mailboxes' groups to the members that lead them: a batch may have recipients in several groups, and
 * each group has a leader of its own. Thread-safe; never asks twice.
 */
public final class EntryLink implements RaftNode.Forwarder {
    /** Longer than the leader itself takes to give up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient peers;

    /** A link that speaks to the other members. */
    public EntryLink(HttpClient peers) {
        this.peers = peers;
    }

    @Override
    public CompletionStage<Bytes> forward(Member leader, String group, Bytes entry) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + leader.api() + "/v1/cluster/" + group + "/entries"))
                .timeout(PATIENCE)
                .header("Content-Type", MediaTypes.CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(entry.toArray()))
                .build();
        return peers.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).handle((answer, fault) -> {
            if (fault != null || answer.statusCode() != 200) {
                throw new RaftFault("the member that leads the group did not take the entry", fault);
            }
            return Bytes.wrap(answer.body());
        });
    }
}
