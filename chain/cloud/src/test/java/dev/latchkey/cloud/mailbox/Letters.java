package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.Network;
import dev.latchkey.cloud.mailbox.MailboxCommand.Recipient;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** The machine of a mailbox group on a real store, and commands for it. */
final class Letters implements AutoCloseable {
    static final Bytes GATEWAY = id(1);
    static final Bytes ROGUE = id(5);
    static final Bytes SENDER = id(2);
    static final Bytes OWNER = id(3);
    static final Bytes OTHER = id(4);
    static final Bytes EPOCH = Bytes.wrap(new byte[8]);
    static final Digest SESSION = Digest.sha256(Bytes.utf8("session"));
    static final Digest SEATTLE = Digest.sha256(Bytes.utf8("seattle"));
    static final Digest TACOMA = Digest.sha256(Bytes.utf8("tacoma"));
    static final Quota PLENTY = new Quota(1L << 40, 1L << 50);

    final MailboxStore store;
    final Mailboxes mailboxes;
    final List<Bytes> arrived = new ArrayList<>();
    private Quota perMailbox = PLENTY;
    private Quota perNetwork = PLENTY;
    private long index;

    private Letters(MailboxStore store) {
        this.store = store;
        this.mailboxes = new Mailboxes(store);
        this.index = Math.max(0, mailboxes.machine().applied().index());
        mailboxes.arrivals().listen(OWNER, arrived::add);
    }

    static Letters open(Path directory) throws IOException {
        return new Letters(MailboxStore.open(directory));
    }

    Letters withQuotas(Quota mailbox, Quota network) {
        perMailbox = mailbox;
        perNetwork = network;
        return this;
    }

    static Bytes id(int seed) {
        return Digest.sha256(Bytes.of((byte) (seed >> 8), (byte) seed)).bytes().slice(0, 16);
    }

    /** For members of Seattle. */
    static Delivery delivery(long sequence, int counter, String body, Bytes... recipients) {
        return delivery(sequence, counter, Bytes.utf8(body), 0, recipients);
    }

    static Delivery delivery(long sequence, int counter, Bytes body, int network, Bytes... recipients) {
        List<Recipient> all = new ArrayList<>();
        for (Bytes recipient : recipients) {
            all.add(new Recipient(recipient, network));
        }
        Bytes partialIv = Bytes.of((byte) (counter >> 8), (byte) counter);
        return new Delivery(sequence, SENDER, "d-sender", SESSION, partialIv, 1000, 16, body, all);
    }

    Deliver command(Bytes gateway, Bytes epoch, long clock, List<Delivery> deliveries) {
        List<Network> networks = List.of(new Network(SEATTLE, perNetwork), new Network(TACOMA, perNetwork));
        return new Deliver(gateway, "gw-1", epoch, clock, perMailbox, networks, deliveries, List.of());
    }

    BatchAnswer deliver(long clock, Delivery... deliveries) throws Exception {
        return deliver(GATEWAY, clock, deliveries);
    }

    /** As a gateway, in an epoch of its own. */
    BatchAnswer deliver(Bytes gateway, long clock, Delivery... deliveries) throws Exception {
        Bytes epoch = gateway.equals(GATEWAY) ? EPOCH : gateway.slice(0, 8);
        return BatchAnswer.decode(apply(command(gateway, epoch, clock, List.of(deliveries))));
    }

    /** Goes on with another's numbers of entries. */
    void skipTo(Letters other) {
        index = other.index;
    }

    Bytes apply(MailboxCommand command) {
        index++;
        return mailboxes.machine().apply(new LogPosition(1, index), command.encode());
    }

    /** Lets the leader's survey find what is due, and applies it. */
    void expire(long before, long now, MailboxSettings settings) {
        mailboxes.due(network -> before, before, now, settings).forEach(this::apply);
    }

    List<MailboxEntry> all(Bytes owner) {
        return mailboxes.read(owner, 0, 1000, 1 << 20).stream()
                .map(Mailboxes::decoded)
                .toList();
    }

    /** A hash of every row. */
    Digest contents() throws Exception {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        for (String family : List.of(
                MailboxStore.BOXES,
                MailboxStore.MESSAGES,
                MailboxStore.CONTENTS,
                MailboxStore.NETWORKS,
                MailboxStore.EPOCHS,
                MailboxStore.TICKETS,
                MailboxStore.META)) {
            store.rows().scan(family, Bytes.EMPTY, Bytes.fromHex("ff".repeat(120)), (key, value) -> {
                hash.update(Cbor.encode(Cbor.array(Cbor.text(family), Cbor.bytes(key), Cbor.bytes(value)))
                        .toArray());
                return true;
            });
        }
        return Digest.of(Bytes.wrap(hash.digest()));
    }

    @Override
    public void close() {
        mailboxes.close();
        store.close();
    }
}
