package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.EvidenceShelf;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Membership;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the evidence that this node keeps to the other members of its cluster, until each has it: they verify and keep it
 * as if somebody else had posted it. Thread-safe. One file is under way to a member at a time; who does not answer is
 * asked again, and everybody once more after a restart.
 */
public final class EvidenceLink {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceLink.class);

    /** Time between two looks at what is missing; as long as this a member may know less than the others. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Longer than the transaction that strikes a key takes to its block. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int NO_CONTENT = 204;
    private static final int UNPROCESSABLE = 422;

    private final HttpClient peers;
    private final EvidenceShelf shelf;
    private final Membership membership;
    private final String group;
    private final Set<Way> settled = new HashSet<>(); // this and the next guarded by this
    private final Set<String> underWay = new HashSet<>();

    private record Way(String member, String file) {}

    private EvidenceLink(HttpClient peers, EvidenceShelf shelf, Membership membership, String group) {
        this.peers = peers;
        this.shelf = shelf;
        this.membership = membership;
        this.group = group;
    }

    /**
     * Begins to.
     *
     * @param group whose members are told
     */
    public static void start(
            HttpClient peers,
            EvidenceShelf shelf,
            Membership membership,
            String group,
            ScheduledExecutorService timer) {
        EvidenceLink link = new EvidenceLink(peers, shelf, membership, group);
        timer.scheduleWithFixedDelay(link::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<String> files = shelf.names();
            List<Member> others = files.isEmpty()
                    ? List.of()
                    : membership.members(group).stream()
                            .filter(member -> !member.id().equals(membership.self()))
                            .toList();
            forgetAllBut(others);
            others.forEach(member -> next(member, files).ifPresent(file -> send(member, file)));
        } catch (RuntimeException e) {
            LOG.warn("evidence was not shown to the other members; it is tried again", e);
        }
    }

    private synchronized void forgetAllBut(List<Member> others) {
        Set<String> ids = new HashSet<>();
        others.forEach(member -> ids.add(member.id()));
        settled.removeIf(way -> !ids.contains(way.member()));
    }

    /** The next file that a member is not known to have, if none is under way to it; then this one is. */
    private synchronized Optional<String> next(Member member, List<String> files) {
        Optional<String> next = files.stream()
                .filter(file -> !settled.contains(new Way(member.id(), file)))
                .findFirst();
        return next.isPresent() && underWay.add(member.id()) ? next : Optional.empty();
    }

    private synchronized void ended(Member member, String file, boolean known) {
        underWay.remove(member.id());
        if (known) {
            settled.add(new Way(member.id(), file));
        }
    }

    private void send(Member member, String file) {
        Bytes evidence;
        try {
            evidence = shelf.read(file);
        } catch (IOException e) {
            LOG.warn("an evidence file cannot be read: file={}", file, e);
            ended(member, file, true);
            return;
        }
        URI target = URI.create("https://" + member.api() + "/v1/chains/"
                + EvidenceShelf.chainOf(file).toHex() + "/evidence");
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .header("Content-Type", MediaTypes.CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(evidence.toArray()))
                .build();
        peers.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, fault) -> {
            int status = fault == null ? answer.statusCode() : 0;
            if (status == UNPROCESSABLE) {
                LOG.warn("a member does not take evidence: member={} file={}", member.id(), file);
            }
            ended(member, file, status == NO_CONTENT || status == UNPROCESSABLE);
        });
    }
}
