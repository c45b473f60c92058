package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.MalformedMessageException;
import dev.latchkey.envelope.ReadingHead;
import dev.latchkey.gateway.inbox.InboundMessage;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Membership;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.ReturnedNotice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sessions with provisional members: nothing of them leaves this gateway, so what is accepted is in every recipient's inbox
 * here, or it is not accepted. Everything belongs into a unit of the store. Bounded: a provisional member has so many sessions.
 */
public final class LocalSessions {
    private final Inbox inbox;
    private final TicketBook tickets;
    private final ProvisionalMembers provisionals;
    private final int maxPerMember;

    /**
     * Over what the store holds.
     *
     * @param maxPerMember sessions that one provisional member may be in
     */
    public LocalSessions(Inbox inbox, TicketBook tickets, ProvisionalMembers provisionals, int maxPerMember) {
        this.inbox = inbox;
        this.tickets = tickets;
        this.provisionals = provisionals;
        this.maxPerMember = maxPerMember;
    }

    /** Whether a member may send here: nothing that a provisional one sends goes to the cloud, so that it needs no ticket. */
    boolean isServed(MemberHandle sender) {
        return sender.isProvisional() || tickets.serves(sender);
    }

    /** Whose key exchange key this is; a provisional member's where the chain knows nobody. */
    List<Party> parties(Replicas replicas, Replica replica, KeyId kid) {
        List<Membership> members = replicas.byExchangeKid(replica, kid);
        return members.isEmpty()
                ? provisionals.byExchangeKid(replica.chain(), kid).stream()
                        .map(record -> Party.provisional(replica.chain(), record, kid))
                        .toList()
                : members.stream().map(member -> Party.recipient(member, kid)).toList();
    }

    boolean isCurrent(Session session, Replicas replicas) {
        return session.isCurrent(replicas, provisionals);
    }

    /** Why a session may not begin: somebody in it reads elsewhere, or a provisional member has as many as it may. */
    Optional<Refusal> refusal(Draft draft, Session session) {
        for (Party party : session.parties()) {
            if (!party.provisional() && !tickets.serves(party.id())) {
                return Optional.of(Refusal.NOT_SERVED_HERE);
            }
            if (party.provisional() && rows(draft, party.id()).size() >= maxPerMember) {
                return Optional.of(Refusal.OVERLOADED);
            }
        }
        return Optional.empty();
    }

    void add(Draft draft, Session session) {
        for (Party party : session.parties()) {
            if (party.provisional()) {
                Bytes key = Key.start()
                        .bytes(party.id())
                        .bytes(session.id().bytes())
                        .end();
                draft.put(Table.LOCAL_SESSIONS, key, session.encode());
            }
        }
    }

    /** Into the inbox of each recipient; empty if one of them has no room, and then into none. */
    Optional<List<Bytes>> deliver(Draft draft, Session session, Bytes sender, boolean opens, InboundMessage message) {
        List<Bytes> recipients = session.parties().stream()
                .map(Party::id)
                .filter(id -> !id.equals(sender))
                .toList();
        if (!recipients.stream().allMatch(recipient -> inbox.hasRoom(draft, recipient, message))) {
            return Optional.empty();
        }
        for (Bytes recipient : recipients) {
            inbox.deliverHere(draft, recipient, message);
            if (opens) {
                inbox.noteOpener(draft, recipient, session.id());
            }
        }
        return Optional.of(recipients);
    }

    /** The member is final: what waits is delivered, and nothing has to be given back any more. */
    public void forget(Draft draft, Bytes member) {
        rows(draft, member).forEach(row -> draft.delete(Table.LOCAL_SESSIONS, row.key()));
    }

    /**
     * The member is refused: what it sent and nobody has read yet is taken out, and who sent what it has not read is told.
     *
     * @param reason the code with which the chain refused it
     * @return who has a notice in its inbox now
     */
    public List<Bytes> giveBack(Draft draft, Bytes member, String reason, long nowMillis) {
        Map<Digest, Session> known = new LinkedHashMap<>();
        for (Row row : rows(draft, member)) {
            known.put(row.session().id(), row.session());
            draft.delete(Table.LOCAL_SESSIONS, row.key());
        }
        Map<Unread, SortedSet<Integer>> unread = new LinkedHashMap<>();
        for (InboundMessage message : inbox.takeOut(draft, member, waiting -> true)) {
            Session session = known.get(message.session());
            Optional<Party> sender = session == null ? Optional.empty() : sender(session, message, member);
            if (sender.isPresent()) {
                SortedSet<Integer> partialIvs = unread.computeIfAbsent(
                        new Unread(sender.get().id(), session.id(), name(session, member)), key -> new TreeSet<>());
                partialIv(message).ifPresent(partialIvs::add);
            }
        }
        unread.forEach((of, partialIvs) -> {
            for (ReturnedNotice notice : ReturnedNotice.of(ReturnedNotice.PROVISIONAL_REFUSED, reason, partialIvs)) {
                inbox.deliverHere(
                        draft,
                        of.sender(),
                        new InboundMessage(of.reader(), of.session(), nowMillis, ContentFormat.CBOR, notice.encode()));
            }
        });
        known.values().forEach(session -> takeBack(draft, session, member));
        return unread.keySet().stream().map(Unread::sender).distinct().toList();
    }

    private void takeBack(Draft draft, Session session, Bytes member) {
        String name = name(session, member);
        for (Party party : session.parties()) {
            if (!party.id().equals(member)) {
                inbox.takeOut(
                        draft,
                        party.id(),
                        message -> message.session().equals(session.id())
                                && message.contentFormat() != ContentFormat.CBOR
                                && message.sender().equals(name));
            }
        }
    }

    /** Who sent a message that waits for the member, unless that is out of reach by now. */
    private Optional<Party> sender(Session session, InboundMessage message, Bytes member) {
        return session.parties().stream()
                .filter(party ->
                        party.name().equals(message.sender()) && !party.id().equals(member))
                .filter(party ->
                        !party.provisional() || provisionals.handle(party.id()).isPresent())
                .findFirst();
    }

    /** Of a reading its own; of an opener or digest none, but it counts as something that came. */
    private static Optional<Integer> partialIv(InboundMessage message) {
        if (message.contentFormat() != ContentFormat.COSE_ENCRYPT0) {
            return Optional.empty();
        }
        try {
            return Optional.of(ReadingHead.read(message.message()).partialIv());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("a reading was read before it was stored", e);
        }
    }

    private static String name(Session session, Bytes member) {
        return session.parties().stream()
                .filter(party -> party.id().equals(member))
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** Whose messages in a session one member has not read. */
    private record Unread(Bytes sender, Digest session, String reader) {}

    private record Row(Bytes key, Session session) {}

    private static List<Row> rows(Draft draft, Bytes member) {
        List<Row> rows = new ArrayList<>();
        draft.scan(Table.LOCAL_SESSIONS, member, member, (key, value) -> {
            Digest id = Digest.of(key.slice(key.size() - Digest.SIZE, key.size()));
            rows.add(new Row(key, Session.decode(id, value)));
            return true;
        });
        return rows;
    }
}
