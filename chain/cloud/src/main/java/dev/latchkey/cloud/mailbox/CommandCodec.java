package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Compare;
import dev.latchkey.cloud.mailbox.MailboxCommand.Cut;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.Expire;
import dev.latchkey.cloud.mailbox.MailboxCommand.Found;
import dev.latchkey.cloud.mailbox.MailboxCommand.KeptTicket;
import dev.latchkey.cloud.mailbox.MailboxCommand.Network;
import dev.latchkey.cloud.mailbox.MailboxCommand.Recipient;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;

/** The bytes of commands in the log. Stateless. */
final class CommandCodec {
    private static final int ACKNOWLEDGE = 2;
    private static final int DELIVER = 4;
    private static final int EXPIRE = 5;
    private static final int COMPARE = 6;
    private static final int FOUND = 7;
    private static final int MAX_ROWS = 65_536;
    private static final int MAX_MEMBER = 64;

    private CommandCodec() {}

    static Bytes encode(MailboxCommand command) {
        if (command instanceof Deliver deliver) {
            return Cbor.encode(item(deliver));
        }
        if (command instanceof Acknowledge acknowledge) {
            return Cbor.encode(Cbor.array(
                    Cbor.uint(ACKNOWLEDGE), Cbor.bytes(acknowledge.ownerId()), Cbor.uint(acknowledge.upTo())));
        }
        if (command instanceof Compare compare) {
            return Cbor.encode(Cbor.array(
                    Cbor.uint(COMPARE),
                    Cbor.uint(compare.family()),
                    Cbor.bytes(compare.after()),
                    Cbor.uint(compare.rows())));
        }
        if (command instanceof Found found) {
            return Cbor.encode(Cbor.array(
                    Cbor.uint(FOUND), Cbor.uint(found.index()), Cbor.text(found.member()), Cbor.bytes(found.digest())));
        }
        Expire expire = (Expire) command;
        List<Item> cuts = new ArrayList<>();
        expire.cuts().forEach(cut -> cuts.add(Cbor.array(Cbor.bytes(cut.ownerId()), Cbor.uint(cut.upTo()))));
        return Cbor.encode(Cbor.array(Cbor.uint(EXPIRE), Cbor.uint(expire.beforeMillis()), Cbor.array(cuts)));
    }

    private static Item item(Deliver deliver) {
        List<Item> networks = new ArrayList<>();
        deliver.networks()
                .forEach(network -> networks.add(Cbor.array(
                        Cbor.bytes(network.chain().bytes()),
                        Cbor.uint(network.quota().messages()),
                        Cbor.uint(network.quota().bytes()))));
        List<Item> deliveries = new ArrayList<>();
        deliver.deliveries().forEach(delivery -> deliveries.add(item(delivery)));
        List<Item> tickets = new ArrayList<>();
        deliver.tickets()
                .forEach(kept -> tickets.add(Cbor.array(Cbor.bytes(kept.memberId()), Cbor.bytes(kept.ticket()))));
        return Cbor.array(
                Cbor.uint(DELIVER),
                Cbor.bytes(deliver.gatewayId()),
                Cbor.text(deliver.gateway()),
                Cbor.bytes(deliver.epoch()),
                Cbor.uint(deliver.clockMillis()),
                Cbor.array(
                        Cbor.uint(deliver.perMailbox().messages()),
                        Cbor.uint(deliver.perMailbox().bytes())),
                Cbor.array(networks),
                Cbor.array(deliveries),
                Cbor.array(tickets));
    }

    private static Item item(Delivery delivery) {
        List<Item> recipients = new ArrayList<>();
        delivery.recipients()
                .forEach(recipient ->
                        recipients.add(Cbor.array(Cbor.bytes(recipient.id()), Cbor.uint(recipient.network()))));
        return Cbor.array(
                Cbor.uint(delivery.sequence()),
                Cbor.bytes(delivery.senderId()),
                Cbor.text(delivery.sender()),
                Cbor.bytes(delivery.session().bytes()),
                Cbor.bytes(delivery.counter()),
                Cbor.uint(delivery.acceptedMillis()),
                Cbor.uint(delivery.contentFormat()),
                Cbor.bytes(delivery.message()),
                Cbor.array(recipients));
    }

    static MailboxCommand decode(Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, RaftNode.MAX_ENTRY_BYTES).asArray(3, 9);
            long kind = parts.get(0).asUint();
            if (kind == DELIVER && parts.size() == 9) {
                return deliver(parts);
            }
            if (kind == ACKNOWLEDGE && parts.size() == 3) {
                return new Acknowledge(
                        parts.get(1).asBytes(MemberRecord.ID_BYTES),
                        parts.get(2).asUint());
            }
            if (kind == EXPIRE && parts.size() == 3) {
                return expire(parts);
            }
            if (kind == COMPARE && parts.size() == 4) {
                return new Compare(
                        parts.get(1).asUint(MailboxStore.ARCHIVED.size() - 1),
                        parts.get(2).asBytes(0, MailboxStore.MAX_KEY_BYTES),
                        parts.get(3).asUint(MAX_ROWS));
            }
            if (kind == FOUND && parts.size() == 4) {
                return new Found(
                        parts.get(1).asUint(),
                        parts.get(2).asText(MAX_MEMBER),
                        parts.get(3).asBytes(0, Digest.SIZE));
            }
            throw new IllegalStateException("the log holds a command of another version");
        } catch (MalformedCborException | MalformedMessageException e) {
            throw new IllegalStateException("the log holds what is no command", e);
        }
    }

    private static Expire expire(List<Item> parts) throws MalformedCborException {
        List<Cut> cuts = new ArrayList<>();
        for (Item item : parts.get(2).asArray()) {
            List<Item> cut = item.asArray(2);
            cuts.add(new Cut(
                    cut.get(0).asBytes(MemberRecord.ID_BYTES), cut.get(1).asUint()));
        }
        return new Expire(parts.get(1).asUint(), cuts);
    }

    private static Deliver deliver(List<Item> parts) throws MalformedCborException, MalformedMessageException {
        String gateway = parts.get(2).asText(Names.MAX);
        List<Network> networks = new ArrayList<>();
        for (Item item : parts.get(6).asArray()) {
            List<Item> network = item.asArray(3);
            networks.add(new Network(
                    Digest.of(network.get(0).asBytes(Digest.SIZE)),
                    new Quota(network.get(1).asUint(), network.get(2).asUint())));
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (Item item : parts.get(7).asArray()) {
            deliveries.add(delivery(item.asArray(9), gateway, networks.size()));
        }
        List<KeptTicket> tickets = new ArrayList<>();
        for (Item item : parts.get(8).asArray()) {
            List<Item> kept = item.asArray(2);
            tickets.add(new KeptTicket(
                    kept.get(0).asBytes(MemberRecord.ID_BYTES), kept.get(1).asBytes()));
        }
        List<Item> quota = parts.get(5).asArray(2);
        return new Deliver(
                parts.get(1).asBytes(MemberRecord.ID_BYTES),
                gateway,
                parts.get(3).asBytes(),
                parts.get(4).asUint(),
                new Quota(quota.get(0).asUint(), quota.get(1).asUint()),
                networks,
                deliveries,
                tickets);
    }

    /** A delivery whose message is one that its readers will take. */
    private static Delivery delivery(List<Item> parts, String gateway, int networks)
            throws MalformedCborException, MalformedMessageException {
        List<Recipient> recipients = new ArrayList<>();
        for (Item item : parts.get(8).asArray(1, MessageBatch.MAX_RECIPIENTS)) {
            List<Item> recipient = item.asArray(2);
            recipients.add(new Recipient(
                    recipient.get(0).asBytes(MemberRecord.ID_BYTES),
                    recipient.get(1).asUint(networks - 1)));
        }
        MailboxEntry entry = MailboxEntry.fromItem(Cbor.array(
                parts.get(0),
                Cbor.text(gateway),
                parts.get(2),
                parts.get(3),
                parts.get(5),
                parts.get(6),
                parts.get(7)));
        return new Delivery(
                entry.sequence(),
                parts.get(1).asBytes(MemberRecord.ID_BYTES),
                entry.sender(),
                entry.session(),
                parts.get(4).asBytes(),
                entry.receivedMillis(),
                entry.contentFormat(),
                entry.message(),
                recipients);
    }
}
