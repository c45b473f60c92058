package dev.latchkey.cloud.raft;

import org.apache.ratis.protocol.RaftPeer;

/**
 * Members as Ratis keeps them in a group's configuration. Stateless. Ratis has no place for a key: it stands where the
 * address of a data stream would, which Latchkey does not use, so that members and their keys change in one step.
 */
final class Peers {
    private Peers() {}

    static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(member.id())
                .setAddress(member.address())
                .setClientAddress(member.api())
                .setDataStreamAddress(member.key())
                .build();
    }

    static Member member(RaftPeer peer) {
        return new Member(peer.getId().toString(), text(peer.getAddress()), text(peer.getClientAddress()), key(peer));
    }

    static String key(RaftPeer peer) {
        return text(peer.getDataStreamAddress());
    }

    /** A group of one has neither address nor key. */
    private static String text(String value) {
        return value == null ? "" : value;
    }
}
