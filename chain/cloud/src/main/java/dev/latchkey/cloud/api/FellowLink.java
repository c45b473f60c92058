package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.Fellows;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.transaction.ChainId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the other members of a cluster what this one signed, and takes what they sign of it. Thread-safe. To each of them
 * one head of a chain is under way at a time, and the newest one waits behind it: who is slow or gone costs no more.
 */
public final class FellowLink implements Fellows {
    private static final Logger LOG = LoggerFactory.getLogger(FellowLink.class);

    /** Longer than a member waits for a block that it has not verified yet. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient peers;
    private final Function<ChainId, List<Member>> others;
    private final Map<Way, Optional<Showing>> underWay = new HashMap<>(); // guarded by itself

    private record Way(String member, ChainId chain) {}

    private record Showing(Member member, SignedCheckpoint signed, Consumer<SignedCheckpoint> answer) {
        Way way() {
            return new Way(member.id(), signed.checkpoint().chain());
        }
    }

    /**
     * A link that speaks to the other members.
     *
     * @param others the members of the group that orders a chain, without this one
     */
    public FellowLink(HttpClient peers, Function<ChainId, List<Member>> others) {
        this.peers = peers;
        this.others = others;
    }

    @Override
    public void show(SignedCheckpoint signed, Consumer<SignedCheckpoint> answer) {
        for (Member member : others.apply(signed.checkpoint().chain())) {
            Showing showing = new Showing(member, signed, answer);
            synchronized (underWay) {
                if (underWay.replace(showing.way(), Optional.of(showing)) != null) {
                    continue;
                }
                underWay.put(showing.way(), Optional.empty());
            }
            send(showing);
        }
    }

    private void send(Showing showing) {
        URI target = URI.create("https://" + showing.member().api() + "/v1/chains/"
                + showing.signed().checkpoint().chain().toHex() + "/signatures");
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .header("Content-Type", MediaTypes.CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        showing.signed().encode().toArray()))
                .build();
        peers.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).whenComplete((response, fault) -> {
            if (fault == null) {
                take(showing, response);
            } else {
                LOG.debug(
                        "a member does not answer: member={}", showing.member().id(), fault);
            }
            next(showing.way());
        });
    }

    private static void take(Showing showing, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200 || response.body().length > SignedCheckpoint.MAX_BYTES) {
            LOG.debug(
                    "a member does not sign: member={} status={}",
                    showing.member().id(),
                    response.statusCode());
            return;
        }
        try {
            showing.answer().accept(SignedCheckpoint.decode(Bytes.wrap(response.body())));
        } catch (MalformedCheckpointException e) {
            LOG.warn(
                    "a member's answer is no checkpoint: member={}",
                    showing.member().id(),
                    e);
        }
    }

    private void next(Way way) {
        Optional<Showing> next;
        synchronized (underWay) {
            next = underWay.get(way);
            if (next.isPresent()) {
                underWay.put(way, Optional.empty());
            } else {
                underWay.remove(way);
            }
        }
        next.ifPresent(this::send);
    }
}
