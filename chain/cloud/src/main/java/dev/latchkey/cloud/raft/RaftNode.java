package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * A Raft server whose groups each have this node as their only member. Thread-safe.
 *
 * <p>An entry whose stage completed normally is in the synced log and applied; it survives any crash.
 */
public final class RaftNode implements AutoCloseable {
    /** The largest entry that {@link #submit} takes, bytes. */
    public static final int MAX_ENTRY_BYTES = RaftSettings.MAX_ENTRY_BYTES - 4096;

    /** How often a starting node asks whether it leads. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final String PEER = "n1";

    private final RaftServer server;
    private final Map<String, RaftGroupId> groups;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RaftNode(RaftServer server, Map<String, RaftGroupId> groups) {
        this.server = server;
        this.groups = groups;
    }

    /**
     * Opens the log below {@code directory}, starts one group for each machine, each under its name, and waits until
     * this node leads them. The names are permanent: they lead to the directories of the logs.
     *
     * @throws IOException if the log cannot be opened, for instance because another process holds it, or if there is no
     *     leader after {@code patience}
     */
    public static RaftNode start(
            Path directory, Map<String, GroupMachine> machines, FatalFault fatal, Duration patience)
            throws IOException {
        GroupBirths births = new GroupBirths(directory);
        Map<String, RaftGroupId> groups = new HashMap<>();
        Map<RaftGroupId, AppliedLog> logs = new HashMap<>();
        for (Map.Entry<String, GroupMachine> each : machines.entrySet()) {
            String name = each.getKey();
            RaftGroupId id = groupId(name);
            boolean born = births.isBorn(name);
            if (!born) {
                requireEmpty(each.getValue());
                births.clear(name, id.getUuid().toString());
            }
            groups.put(name, id);
            logs.put(id, new AppliedLog(each.getValue(), fatal, born));
        }
        RaftPeer self = RaftPeer.newBuilder().setId(PEER).build();
        RaftServer server = RaftServer.newBuilder()
                .setServerId(self.getId())
                .setProperties(RaftSettings.properties(directory))
                .setStateMachineRegistry(logs::get)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        RaftNode node = new RaftNode(server, Map.copyOf(groups));
        try {
            server.start();
            node.addMissing(self);
            node.awaitReady(patience);
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
    private void addMissing(RaftPeer self) throws IOException {
        for (RaftGroupId id : groups.values()) {
            boolean found = false;
            for (RaftGroupId opened : server.getGroupIds()) {
                found |= opened.equals(id);
            }
            if (!found) {
                RaftGroup group = RaftGroup.valueOf(id, self);
                succeeded(server.groupManagement(
                        GroupManagementRequest.newAdd(client, server.getId(), calls.incrementAndGet(), group, true)));
            }
        }
    }

    /** Whether this node leads the group and has applied everything that was committed before it did. */
    public boolean isReady(String group) {
        try {
            return server.getDivision(groups.get(group)).getInfo().isLeaderReady();
        } catch (IOException e) {
            return false;
        }
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
     * Appends an entry of at most {@link #MAX_ENTRY_BYTES} to the group's log. Never blocks for the disk. The stage
     * completes on a Ratis thread, with the reply of {@link GroupMachine#apply} or with a {@link RaftFault}; after a
     * fault the entry may still be applied.
     */
    public CompletionStage<Bytes> submit(String group, Bytes entry) {
        if (entry.size() > MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException("an entry is larger than the log takes");
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(groups.get(group))
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(ByteString.copyFrom(entry.toArray())))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            return server.submitClientRequestAsync(request).thenApply(RaftNode::content);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new RaftFault("the log does not take entries", e));
        }
    }

    private static Bytes content(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new RaftFault("the entry was not committed", reply.getException());
        }
        return Bytes.wrap(reply.getMessage().getContent().toByteArray());
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
