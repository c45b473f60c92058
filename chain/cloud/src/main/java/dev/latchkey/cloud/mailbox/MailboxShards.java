package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.Keys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The mailboxes of a node, in one or several Raft groups apart from those of the chains: a member's mailbox lies in the
 * group that its id leads to, wherever the member moves. Thread-safe.
 */
public final class MailboxShards {
    private final List<Shard> shards;
    private final ToIntFunction<Bytes> places;

    /** The mailboxes of one Raft group, and the group's name. */
    public record Shard(String group, Mailboxes mailboxes) {}

    /**
     * Mailboxes in some groups.
     *
     * @param shards at least one
     * @param places which of them a member's id leads to; the same on all nodes, for ever
     */
    public MailboxShards(List<Shard> shards, ToIntFunction<Bytes> places) {
        this.shards = List.copyOf(shards);
        this.places = places;
    }

    /** All mailboxes in one group. */
    public static MailboxShards one(String group, Mailboxes mailboxes) {
        return new MailboxShards(List.of(new Shard(group, mailboxes)), id -> 0);
    }

    /** Spreads ids, which are hashes, evenly over so many groups. */
    public static ToIntFunction<Bytes> evenly(int groups) {
        return id -> (int) ((Keys.numberAt(id, 0) >>> 1) % groups);
    }

    /** All groups. */
    public List<Shard> all() {
        return shards;
    }

    /** The group of a member. */
    public Shard of(Bytes owner) {
        return shards.get(places.applyAsInt(owner));
    }

    /** Tells the listener the owner's id whenever something arrives, until it is removed. */
    public void listen(Bytes owner, Consumer<Bytes> listener) {
        of(owner).mailboxes().arrivals().listen(owner, listener);
    }

    /** Stops telling the listener. */
    public void remove(Bytes owner, Consumer<Bytes> listener) {
        of(owner).mailboxes().arrivals().remove(owner, listener);
    }

    /** Encoded entries after a sequence, oldest first: at most so many, and beyond the first at most so many bytes. */
    public List<Bytes> read(Bytes owner, long after, int maxEntries, int maxBytes) {
        return of(owner).mailboxes().read(owner, after, maxEntries, maxBytes);
    }

    /** How a mailbox is. */
    public MailboxState state(Bytes owner) {
        return of(owner).mailboxes().state(owner);
    }

    /** Serve tickets that came with a gateway's batches for a member, the newest of each group. */
    public List<Bytes> tickets(Bytes gateway, Bytes member) {
        return shards.stream()
                .flatMap(shard -> shard.mailboxes().ticket(gateway, member).stream())
                .distinct()
                .toList();
    }

    /** What differs from the other members' mailboxes, by group; nothing of groups that are alike. */
    public Map<String, String> findings() {
        Map<String, String> found = new TreeMap<>();
        shards.forEach(
                shard -> shard.mailboxes().digests().finding().ifPresent(text -> found.put(shard.group(), text)));
        return found;
    }

    /** What waits in all mailboxes. */
    public Usage usage() {
        return shards.stream().map(shard -> shard.mailboxes().usage()).reduce(Usage.NONE, Usage::plus);
    }

    /** What waits in the mailboxes of a network's members, in all groups but one. */
    Usage usageBeside(Shard one, Digest network) {
        return shards.stream()
                .filter(shard -> shard != one)
                .map(shard -> shard.mailboxes().usage(network))
                .reduce(Usage.NONE, Usage::plus);
    }

    /** When the oldest message that waits was delivered, as of the last survey. */
    public OptionalLong oldestMillis() {
        return shards.stream()
                .flatMapToLong(shard -> shard.mailboxes().oldestMillis().stream())
                .min();
    }

    /** Messages in the fullest mailbox, as of the last survey. */
    public long deepest() {
        return shards.stream()
                .mapToLong(shard -> shard.mailboxes().deepest())
                .max()
                .orElse(0);
    }

    /** What the entry is for each group that has recipients in it, with the room that the other groups leave. */
    Map<Shard, MailboxCommand.Deliver> split(MailboxCommand.Deliver whole) {
        if (shards.size() == 1) {
            return Map.of(shards.get(0), whole);
        }
        Map<Shard, MailboxCommand.Deliver> parts = new HashMap<>();
        for (Shard shard : shards) {
            List<MailboxCommand.Delivery> deliveries = whole.deliveries().stream()
                    .map(delivery -> delivery.to(delivery.recipients().stream()
                            .filter(recipient -> of(recipient.id()) == shard)
                            .toList()))
                    .filter(delivery -> !delivery.recipients().isEmpty())
                    .toList();
            if (!deliveries.isEmpty()) {
                List<MailboxCommand.Network> networks = whole.networks().stream()
                        .map(network -> new MailboxCommand.Network(
                                network.chain(), network.quota().without(usageBeside(shard, network.chain()))))
                        .toList();
                parts.put(shard, whole.with(networks, deliveries));
            }
        }
        return parts;
    }
}
