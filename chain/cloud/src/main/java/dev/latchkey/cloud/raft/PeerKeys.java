package dev.latchkey.cloud.raft;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;

/**
 * Whose TLS keys may speak to this member's log: those of the settings, those that a group's configuration names, and one
 * that is just being added. Thread-safe; asked in handshakes.
 */
final class PeerKeys {
    private final Set<String> configured;
    private final Set<String> joining = ConcurrentHashMap.newKeySet();
    private volatile RaftServer server;

    PeerKeys(Collection<Member> members) {
        this.configured = members.stream().map(Member::key).collect(Collectors.toUnmodifiableSet());
    }

    /** From now on what the server's groups say counts as well. */
    void watch(RaftServer running) {
        server = running;
    }

    /** Lets a member in that no group names yet. */
    void invite(Member member) {
        joining.add(member.key());
    }

    /** Takes the invitation back; a member that a group names by now stays. */
    void uninvite(Member member) {
        joining.remove(member.key());
    }

    boolean isWelcome(String key) {
        return configured.contains(key) || joining.contains(key) || isNamed(key);
    }

    private boolean isNamed(String key) {
        RaftServer running = server;
        if (running == null) {
            return false;
        }
        for (RaftGroupId id : running.getGroupIds()) {
            try {
                for (RaftPeer peer : running.getDivision(id).getRaftConf().getAllPeers()) {
                    if (key.equals(Peers.key(peer))) {
                        return true;
                    }
                }
            } catch (IOException e) {
                continue; // the group is just being made or removed
            }
        }
        return false;
    }
}
