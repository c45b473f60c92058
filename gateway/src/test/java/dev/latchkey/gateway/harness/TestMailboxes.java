package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Mailboxes that count each message once, as the cloud does. Guarded by itself. */
public final class TestMailboxes {
    private final Map<String, List<MailboxEntry>> boxes = new HashMap<>();
    private final Map<String, Long> forgotten = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<Integer, String> refusals = new HashMap<>();
    private final Map<Bytes, String> titles = new HashMap<>();
    private final Map<String, String> titlesNow = new HashMap<>();
    private int batches;
    private boolean checksTickets;

    /** From now on a message whose sender shows no ticket that was good when it was accepted is refused, as the cloud does. */
    public synchronized void checkTickets() {
        checksTickets = true;
    }

    /** Refuses every message of a content format from now on. */
    public synchronized void refuse(int contentFormat, String code) {
        refusals.put(contentFormat, code);
    }

    /** Takes the messages of a content format again. */
    public synchronized void accept(int contentFormat) {
        refusals.remove(contentFormat);
    }

    public synchronized BatchAnswer take(
            TestNetwork network, Function<ChainId, TestNetwork> abroad, MessageBatch batch) {
        batches++;
        Map<String, ServeTicket> tickets = checksTickets ? lastTickets(batch) : Map.of();
        long last = 0;
        List<BatchAnswer.Refused> refused = new ArrayList<>();
        for (MessageBatch.Message message : batch.messages()) {
            last = message.sequence();
            if (refusals.containsKey(message.contentFormat())) {
                refused.add(new BatchAnswer.Refused(last, refusals.get(message.contentFormat())));
            } else if (checksTickets && !isServed(tickets.get(message.sender()), message)) {
                refused.add(new BatchAnswer.Refused(last, "not-served"));
            } else if (taken.add(network.chainName + batch.epoch().toHex() + "/" + last)) {
                message.recipients().forEach(name -> put(title(network, name), message));
                message.abroad().forEach(one -> put(title(abroad.apply(one.chain()), one.name()), message));
            }
        }
        notifyAll();
        return new BatchAnswer(last, refused);
    }

    /** Of several tickets of one sender the last one counts. */
    private static Map<String, ServeTicket> lastTickets(MessageBatch batch) {
        Map<String, ServeTicket> last = new HashMap<>();
        for (Bytes encoded : batch.tickets()) {
            try {
                ServeTicket ticket = ServeTicket.decode(encoded);
                last.put(ticket.member(), ticket);
            } catch (MalformedMessageException e) {
                throw new AssertionError(e);
            }
        }
        return last;
    }

    private static boolean isServed(ServeTicket ticket, MessageBatch.Message message) {
        return ticket != null && ticket.isGoodAt(Instant.ofEpochMilli(message.acceptedMillis()));
    }

    /** How many messages lie in a mailbox. */
    public synchronized int count(String owner) {
        return boxes.getOrDefault(owner, List.of()).size();
    }

    /** A message that came by another gateway. */
    public synchronized void put(String owner, MessageBatch.Message message) {
        List<MailboxEntry> box = boxes.computeIfAbsent(owner, name -> new ArrayList<>());
        box.add(new MailboxEntry(
                box.size() + 1L,
                "gateway",
                message.sender(),
                message.session(),
                message.acceptedMillis(),
                message.contentFormat(),
                message.message()));
        notifyAll();
    }

    public synchronized List<MailboxEntry> of(String owner) {
        return List.copyOf(boxes.getOrDefault(owner, List.of()));
    }

    public synchronized int batches() {
        return batches;
    }

    public synchronized void forget(String owner, long upTo) {
        forgotten.merge(owner, upTo, Math::max);
    }

    /** Up to which sequence the owner's gateway has acknowledged. */
    public synchronized long forgottenOf(String owner) {
        return forgotten.getOrDefault(owner, 0L);
    }

    /**
     * A mailbox hangs on a member's id; tests call it by the name under which the member was first seen, wherever it is
     * now.
     */
    synchronized String title(TestNetwork network, String name) {
        // A record's keys are decompressed when it is read: too dear for each message.
        String place = network.chainName + "/" + network.state().height() + "/" + name;
        return titlesNow.computeIfAbsent(
                place,
                key -> network.state()
                        .member(name)
                        .map(record -> titles.computeIfAbsent(record.id(), first -> fresh(network, name)))
                        .orElse(name));
    }

    private String fresh(TestNetwork network, String name) {
        return titles.containsValue(name) ? name + "@" + network.chainName : name;
    }

    /** What is new for these cursors; waits a moment for something to come. */
    synchronized List<Bytes> next(TestNetwork network, Map<String, Long> after, FollowRequest request)
            throws InterruptedException {
        List<Bytes> found = collect(network, after, request);
        if (found.isEmpty()) {
            wait(100);
            found = collect(network, after, request);
        }
        return found;
    }

    private List<Bytes> collect(TestNetwork network, Map<String, Long> after, FollowRequest request) {
        List<Bytes> found = new ArrayList<>();
        for (FollowRequest.Cursor cursor : request.cursors()) {
            List<MailboxEntry> box = boxes.getOrDefault(title(network, cursor.owner()), List.of());
            // Sequences count from 1 without gaps.
            long from = Math.min(box.size(), after.getOrDefault(cursor.owner(), cursor.after()));
            for (MailboxEntry entry : box.subList((int) from, box.size())) {
                found.add(new FollowedEntry(cursor.owner(), entry).encode());
                after.put(cursor.owner(), entry.sequence());
            }
        }
        return found;
    }
}
