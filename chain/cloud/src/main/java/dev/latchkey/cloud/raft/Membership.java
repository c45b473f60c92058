package dev.latchkey.cloud.raft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;

/** Who the members of a node's groups are and who leads them, and how to change that. Thread-safe. */
public final class Membership {
    /** How long a change may take before it is given up: a member added may have to be sent the whole store. */
    private static final long CHANGE_MILLIS = 120_000;

    private final RaftServer server;
    private final Map<String, RaftGroupId> groups;
    private final List<Member> known;
    private final PeerKeys keys;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private volatile Judgement judgement = Judgement.NONE;

    Membership(RaftServer server, Map<String, RaftGroupId> groups, List<Member> known, PeerKeys keys) {
        this.known = List.copyOf(known);
        this.server = server;
        this.groups = new TreeMap<>(groups);
        this.keys = keys;
    }

    void judgeBy(Judgement judge) {
        judgement = judge;
    }

    /** This node's name. */
    public String self() {
        return server.getId().toString();
    }

    /** Whether a TLS key is a member's, or one that may become one. */
    public boolean isWelcome(String key) {
        return keys.isWelcome(key);
    }

    /** The groups' names. */
    public List<String> groups() {
        return List.copyOf(groups.keySet());
    }

    /** Refuses a log in which this node is not named: it is another's, or this node was removed. */
    void requireOwn() throws IOException {
        for (RaftGroupId id : server.getGroupIds()) {
            Collection<RaftPeer> peers = server.getDivision(id).getRaftConf().getAllPeers();
            if (!peers.isEmpty()
                    && peers.stream().noneMatch(peer -> peer.getId().equals(server.getId()))) {
                throw new IOException("the log does not name this node as a member: it is another's, or this node was"
                        + " removed; a member that comes back gets a new name and an empty directory");
            }
        }
    }

    /** The members of a group. */
    public List<Member> members(String group) {
        return peers(group).stream().map(Peers::member).toList();
    }

    private Collection<RaftPeer> peers(String group) {
        return on(group, division -> division.getRaftConf().getCurrentPeers());
    }

    /** The member that leads a group, as far as this node knows. */
    public Optional<Member> leader(String group) {
        RaftPeerId leader = on(group, division -> division.getInfo().getLeaderId());
        return leader == null
                ? Optional.empty()
                : peers(group).stream()
                        .filter(peer -> peer.getId().equals(leader))
                        .map(Peers::member)
                        .findFirst();
    }

    /** How a group stands. */
    public GroupStatus status(String group) {
        return on(group, division -> {
            RoleInfoProto role = division.getInfo().getRoleInfoProto();
            Map<String, Long> committed = new TreeMap<>();
            for (CommitInfoProto info : division.getCommitInfos()) {
                committed.put(info.getServer().getId().toStringUtf8(), info.getCommitIndex());
            }
            Map<String, Long> silent = new TreeMap<>();
            if (role.hasLeaderInfo()) {
                for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
                    silent.put(follower.getId().getId().toStringUtf8(), follower.getLastRpcElapsedTimeMs());
                }
            }
            List<GroupStatus.MemberStatus> members = new ArrayList<>();
            for (Member member : members(group)) {
                long quiet = member.id().equals(self()) ? 0 : silent.getOrDefault(member.id(), -1L);
                members.add(new GroupStatus.MemberStatus(member, committed.getOrDefault(member.id(), -1L), quiet));
            }
            return new GroupStatus(
                    group,
                    division.getInfo().getCurrentRole().name().toLowerCase(java.util.Locale.ROOT),
                    leader(group).map(Member::id),
                    division.getInfo().getCurrentTerm(),
                    division.getRaftLog().getLastCommittedIndex(),
                    division.getInfo().getLastAppliedIndex(),
                    members);
        });
    }

    /**
     * Adds a member to a group that this node leads. Completes when the member has caught up and counts; a member that is
     * in already is left as it is.
     */
    public CompletionStage<Void> add(String group, Member member) {
        if (isMember(group, member.id())) {
            return CompletableFuture.completedFuture(null);
        }
        keys.invite(member);
        List<RaftPeer> peers = renewed(group);
        peers.add(Peers.peer(member));
        // what the newcomer is sent must be there as files, which a node alone does not make
        return snapshot(group).thenCompose(done -> change(group, peers)).whenComplete((done, fault) -> {
            if (fault != null) {
                keys.uninvite(member);
            }
        });
    }

    /** Removes a member from a group that this node leads. */
    public CompletionStage<Void> remove(String group, String id) {
        List<RaftPeer> peers = renewed(group);
        if (!peers.removeIf(peer -> peer.getId().toString().equals(id))) {
            return CompletableFuture.completedFuture(null);
        }
        return change(group, peers);
    }

    /**
     * Hands the lead of a group that this node leads to another member. If that is this node itself, it takes note that it
     * shall keep the lead, whatever it thinks of itself.
     */
    public CompletionStage<Void> transfer(String group, String id) {
        if (!judgement.mayLead(id)) {
            return CompletableFuture.failedFuture(
                    new RaftFault("its clock differs from those of more than half of the members", null));
        }
        if (id.equals(self())) {
            kept.add(group);
            return CompletableFuture.completedFuture(null);
        }
        kept.remove(group);
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                client, server.getId(), groups.get(group), calls.incrementAndGet(), RaftPeerId.valueOf(id), 10_000);
        return asked(() -> server.transferLeadershipAsync(request));
    }

    /** Whether this node was told to keep the lead of a group, and was not seen without it since. */
    public boolean isKept(String group) {
        return kept.contains(group);
    }

    /** Looks which of the leads that it was told to keep this node has lost: it does not keep those if they come back. */
    public void forgetLost() {
        kept.removeIf(group ->
                leader(group).filter(leader -> leader.id().equals(self())).isEmpty());
    }

    /** The members with their addresses as the settings have them: a node that was alone has none in its group. */
    private List<RaftPeer> renewed(String group) {
        List<RaftPeer> peers = new ArrayList<>();
        for (RaftPeer peer : peers(group)) {
            peers.add(known.stream()
                    .filter(member -> member.id().equals(peer.getId().toString()))
                    .findFirst()
                    .map(Peers::peer)
                    .orElse(peer));
        }
        return peers;
    }

    private boolean isMember(String group, String id) {
        return peers(group).stream().anyMatch(peer -> peer.getId().toString().equals(id));
    }

    private CompletionStage<Void> snapshot(String group) {
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, server.getId(), groups.get(group), calls.incrementAndGet(), CHANGE_MILLIS);
        return asked(() -> server.snapshotManagementAsync(request));
    }

    private CompletionStage<Void> change(String group, List<RaftPeer> peers) {
        SetConfigurationRequest request =
                new SetConfigurationRequest(client, server.getId(), groups.get(group), calls.incrementAndGet(), peers);
        return asked(() -> server.setConfigurationAsync(request));
    }

    private interface Request {
        CompletionStage<RaftClientReply> send() throws IOException;
    }

    private static CompletionStage<Void> asked(Request request) {
        try {
            return request.send().handle((reply, fault) -> {
                if (fault != null) {
                    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                    throw new RaftFault("the members could not be changed", cause);
                }
                return done(reply);
            });
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new RaftFault("the members could not be changed", e));
        }
    }

    private static Void done(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new RaftFault("the members could not be changed", reply.getException());
        }
        return null;
    }

    private <T> T on(String group, Function<RaftServer.Division, T> question) {
        try {
            return question.apply(server.getDivision(groups.get(group)));
        } catch (IOException e) {
            throw new RaftFault("the log is closed", e);
        }
    }
}
