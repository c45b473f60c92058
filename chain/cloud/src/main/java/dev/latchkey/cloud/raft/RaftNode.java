package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Raft server: alone, where each of its groups has this node as its only member, or one of several that are members of
 * the same groups. Thread-safe.
 *
 * <p>An entry whose stage completed normally is in the synced log of more than half of the members and applied here; it
 * survives any crash.
 */
public final class RaftNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);

    /** The largest entry that {@link #submit} takes, bytes. */
    public static final int MAX_ENTRY_BYTES = RaftSettings.MAX_ENTRY_BYTES - 4096;

    /** The name of a node that is alone, and of the first member of a cluster that grows from one. */
    public static final String FIRST = "n1";

    /** How long a snapshot that is due is waited for; nobody waits but for the log's line. */
    private static final long SNAPSHOT_MILLIS = 60_000;

    /** How often a starting node asks whether it leads. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final RaftServer server;
    private final Map<String, RaftGroupId> groups;
    private final Map<RaftGroupId, AppliedLog> logs;
    private final Membership membership;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Map<String, CommitNews> news;

    private volatile Judgement judgement = Judgement.NONE;

    private RaftNode(
            RaftServer server,
            Map<String, RaftGroupId> groups,
            Map<RaftGroupId, AppliedLog> logs,
            Membership membership,
            boolean hasFellows) {
        this.server = server;
        this.groups = groups;
        this.logs = logs;
        this.membership = membership;
        this.news =
                hasFellows ? groups.keySet().stream().collect(Collectors.toMap(name -> name, this::news)) : Map.of();
    }

    /**
     * Opens the log below {@code directory} and starts one group for each machine, each under its name. The names are
     * permanent: they lead to the directories of the logs. A node alone is waited for until it leads; a member of a
     * cluster is started, and led as soon as more than half of the members run.
     *
     * @param transport how to reach the other members, if there are any
     * @throws IOException if the log cannot be opened, for instance because another process holds it, if there is no
     *     leader after {@code patience}, or if the log is another member's
     */
    public static RaftNode start(
            Path directory,
            Map<String, GroupMachine> machines,
            Optional<Transport> transport,
            FatalFault fatal,
            Duration patience)
            throws IOException {
        if (transport.isPresent()) {
            requireFree(transport.get());
        }
        Retention retention = transport.map(Transport::retention).orElse(Retention.DEFAULT);
        GroupBirths births = new GroupBirths(directory);
        Map<String, RaftGroupId> groups = new HashMap<>();
        Map<RaftGroupId, AppliedLog> logs = new HashMap<>();
        for (Map.Entry<String, GroupMachine> each : machines.entrySet()) {
            String name = each.getKey();
            RaftGroupId id = groupId(name);
            boolean born = births.isBorn(name);
            if (!born) {
                if (!births.isRestored(name)) {
                    requireEmpty(each.getValue());
                }
                births.clear(name, id.getUuid().toString());
            }
            groups.put(name, id);
            logs.put(
                    id, new AppliedLog(each.getValue(), fatal, transport.isPresent(), retention.snapshotBytes(), born));
        }
        List<Member> known = transport.map(Transport::known).orElse(List.of());
        PeerKeys keys = new PeerKeys(known);
        Parameters parameters = new Parameters();
        transport.ifPresent(found -> RaftTls.apply(parameters, found, keys::isWelcome));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(
                        RaftPeerId.valueOf(transport.map(t -> t.self().id()).orElse(FIRST)))
                .setProperties(RaftSettings.properties(directory, transport))
                .setParameters(parameters)
                .setStateMachineRegistry(logs::get)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        keys.watch(server);
        RaftNode node = new RaftNode(
                server,
                Map.copyOf(groups),
                Map.copyOf(logs),
                new Membership(server, groups, known, keys),
                transport.isPresent());
        logs.forEach((id, log) -> log.onDue(() -> node.snapshot(id)));
        try {
            server.start();
            node.membership.requireOwn();
            node.addMissing(founders(transport));
            if (transport.isEmpty()) {
                node.awaitReady(patience);
            }
            for (Map.Entry<String, RaftGroupId> each : groups.entrySet()) {
                births.born(each.getKey());
                logs.get(each.getValue()).born();
            }
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Ratis ends the process when it cannot listen, without a word of use. */
    private static void requireFree(Transport transport) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(transport.listenHost(), transport.listenPort()));
        } catch (BindException e) {
            throw new BindException("cannot listen for the other members on " + transport.listenHost() + ":"
                    + transport.listenPort() + ": the port is in use or the address is not of this machine");
        }
    }

    private static List<RaftPeer> founders(Optional<Transport> transport) {
        return transport
                .map(found -> found.founders().stream().map(Peers::peer).toList())
                .orElseGet(() -> List.of(RaftPeer.newBuilder().setId(FIRST).build()));
    }

    private static void requireEmpty(GroupMachine machine) throws IOException {
        if (machine.applied().index() >= 0) {
            throw new IOException("the store has entries of a log that is gone; restore both together");
        }
    }

    private static RaftGroupId groupId(String name) {
        byte[] text = ("latchkey/raft/" + name).getBytes(StandardCharsets.UTF_8);
        return RaftGroupId.valueOf(UUID.nameUUIDFromBytes(text));
    }

    /** Groups found on disk were opened by the start; the rest are new. */
    private void addMissing(List<RaftPeer> founders) throws IOException {
        Set<RaftGroupId> opened = new HashSet<>();
        server.getGroupIds().forEach(opened::add);
        for (RaftGroupId id : groups.values()) {
            if (!opened.contains(id)) {
                succeeded(server.groupManagement(GroupManagementRequest.newAdd(
                        client, server.getId(), calls.incrementAndGet(), RaftGroup.valueOf(id, founders), true)));
            }
        }
    }

    /** Has one made by the group's updater, soon. */
    private void snapshot(RaftGroupId group) {
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, server.getId(), group, calls.incrementAndGet(), SNAPSHOT_MILLIS, 1);
        server.snapshotManagementAsync(request).whenComplete((reply, fault) -> {
            if (fault != null || !reply.isSuccess()) {
                LOG.debug("a snapshot was due and not made; the next is due as far behind");
            }
        });
    }

    /** Whether this node leads the group and has applied everything that was committed before it did. */
    public boolean isReady(String group) {
        try {
            return server.getDivision(groups.get(group)).getInfo().isLeaderReady();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether somebody leads the group: a node alone does, in a cluster some member that this one knows of. */
    public boolean isLed(String group) {
        return isReady(group)
                || membership
                        .leader(group)
                        .filter(leader -> !leader.id().equals(membership.self()))
                        .isPresent();
    }

    /** From now on entries are put into the log, and leads handed over, only where this judgement does not speak against. */
    public void judgeBy(Judgement judge) {
        judgement = judge;
        membership.judgeBy(judge);
    }

    /** Whether this node puts entries into logs that it leads; not if its clock is wrong. */
    public boolean mayOrder() {
        return judgement.mayOrder();
    }

    /** Who the members are and who leads them, and how to change that. */
    public Membership membership() {
        return membership;
    }

    private void awaitReady(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!groups.keySet().stream().allMatch(this::isReady)) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new IOException("the log found no leader in time");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Appends an entry of at most {@link #MAX_ENTRY_BYTES} to the group's log, if this node leads it. Never blocks for the
     * disk. The stage completes on a Ratis thread, with the reply of {@link GroupMachine#apply} or with a {@link
     * RaftFault}; after a fault the entry may still be applied.
     */
    public CompletionStage<Bytes> submit(String group, Bytes entry) {
        if (entry.size() > MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException("an entry is larger than the log takes");
        }
        if (!mayOrder()) {
            return CompletableFuture.failedFuture(new RaftFault("this node's clock is not that of the others", null));
        }
        return send(group, ByteString.copyFrom(entry.toArray()))
                .thenApply(reply -> Bytes.wrap(reply.getMessage().getContent().toByteArray()));
    }

    /** Brings an entry to the member that leads its group; the stage completes as that of {@link #submit}. */
    public interface Forwarder {
        /** Sends it, once. */
        CompletionStage<Bytes> forward(Member leader, String group, Bytes entry);
    }

    /**
     * As {@link #submit}, by way of the member that leads the group, if that is another one. For entries that do not depend
     * on who leads.
     */
    public CompletionStage<Bytes> submit(String group, Bytes entry, Optional<Forwarder> forwarder) {
        if (forwarder.isEmpty() || isReady(group)) {
            return submit(group, entry);
        }
        Optional<Member> leader =
                membership.leader(group).filter(found -> !found.id().equals(membership.self()));
        return leader.isPresent()
                ? forwarder.get().forward(leader.get(), group, entry)
                : CompletableFuture.failedFuture(new RaftFault("nobody is known to lead the group", null));
    }

    /**
     * Appends an empty entry, if this node leads the group. Completes on a Ratis thread with its index when it is committed
     * and applied here, or with a {@link RaftFault}.
     */
    public CompletionStage<Long> mark(String group) {
        return send(group, ByteString.EMPTY).thenApply(RaftClientReply::getLogIndex);
    }

    /** Completes on the group's updater when this node has applied the entry of an index. */
    CompletableFuture<Void> applied(String group, long index) {
        return logs.get(groups.get(group)).applied(index);
    }

    private CompletionStage<RaftClientReply> send(String group, ByteString content) {
        Optional<CommitNews> told = Optional.ofNullable(news.get(group));
        told.ifPresent(CommitNews::begun);
        return asked(group, Message.valueOf(content), RaftClientRequest.writeRequestType())
                .handle(RaftNode::committed)
                .whenComplete((reply, fault) -> told.ifPresent(each -> each.ended(fault == null)));
    }

    private CommitNews news(String group) {
        return new CommitNews(
                () -> asked(group, Message.EMPTY, RaftClientRequest.readRequestType()),
                () -> asked(group, Message.EMPTY, RaftClientRequest.writeRequestType()),
                () -> membership.status(group).hasLaggard());
    }

    private CompletableFuture<RaftClientReply> asked(String group, Message message, RaftClientRequest.Type type) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(groups.get(group))
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
        try {
            return server.submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new RaftFault("the log does not take entries", e));
        }
    }

    private static RaftClientReply committed(RaftClientReply reply, Throwable fault) {
        if (fault != null) {
            throw new RaftFault("the log does not take entries", fault);
        }
        if (!reply.isSuccess()) {
            throw new RaftFault("the entry was not committed", reply.getException());
        }
        return reply;
    }

    private static void succeeded(RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw new IOException("a Raft group could not be added", reply.getException());
        }
    }

    /** The settings the server runs with, for the test that reads them back. */
    RaftProperties properties() {
        return server.getProperties();
    }

    /** Stops all groups after syncing their machines. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
