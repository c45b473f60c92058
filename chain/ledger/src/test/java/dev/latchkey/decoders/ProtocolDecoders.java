package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.ProvisionalAnswer;
import dev.latchkey.protocol.ProvisionalReceipt;
import dev.latchkey.protocol.ReturnedNotice;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Standing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/** Decoders of what device, gateway and cloud say to each other, and of the files that people carry. */
public final class ProtocolDecoders {
    private static final int MAX_BYTES = 64 * 1024;

    private ProtocolDecoders() {}

    public static List<Decoder> of(Specimens world) {
        TestNetwork network = world.seattle;
        Digest session = Digest.sha256(Bytes.utf8("session"));
        Bytes message = Bytes.fromHex("8340a0");
        Bytes ticket = ServeTicket.issue(network.chain, "d-1", "gateway-1", Specimens.NOW, world.device.sig())
                .encode();
        HandOver handOver = new HandOver(
                "city",
                "seattle",
                network.chain,
                "gateway-1",
                "localhost",
                5684,
                network.gateway.dtls().publicKey(),
                world.voucher,
                network.voucherKey,
                Enrolment.presharedKey(Bytes.utf8("secret"), world.voucher.id()));
        JoinTicket joinTicket = new JoinTicket(
                "city",
                "seattle",
                network.chain,
                "gateway-1",
                "localhost",
                5684,
                network.gateway.dtls().publicKey(),
                world.batchJoins.get(1),
                world.tickets.get(1).encode(),
                Enrolment.presharedKey(
                        Bytes.utf8("secret"), JoinTicket.enrolmentId(network.chain, world.batchJoins.get(1))));
        PartTransaction part = PartTransaction.unsigned(
                        "city", "seattle", network.chain, new Standing(Standing.Act.REVOKE, "d-2", 2))
                .signedBy(network.operator)
                .signedBy(network.admin.sig());
        MessageBatch.Message one = new MessageBatch.Message(
                7,
                "d-1",
                session,
                1,
                TestNetwork.T0,
                16,
                message,
                List.of("d-2"),
                List.of(new MessageBatch.Abroad(world.tacoma.chain, "d-1")));
        MailboxEntry entry = new MailboxEntry(1, "gateway-1", "d-1", session, TestNetwork.T0, 18, message);
        Bytes inbox = new InboxEntry(1, "d-1", session, TestNetwork.T0, 18, message).encode();
        ProvisionalAnswer provisional = new ProvisionalAnswer(
                world.join,
                ProvisionalReceipt.issue(
                        network.chain, world.join.id(network.chain), "d-1", Specimens.NOW, network.gateway.sig()));
        return List.of(
                decoder(
                        "problem",
                        new Problem("name-taken", "choose another name").encode(),
                        b -> Problem.decode(b).encode()),
                decoder("serve ticket", ticket, b -> ServeTicket.decode(b).encode()),
                decoder(
                        "provisional receipt",
                        provisional.receipt().encode(),
                        b -> ProvisionalReceipt.decode(b).encode()),
                decoder(
                        "provisional answer",
                        provisional.encode(),
                        b -> ProvisionalAnswer.decode(b).encode()),
                decoder(
                        "notice of what was returned",
                        ReturnedNotice.of("provisional-refused", "name-taken", new TreeSet<>(List.of(0, 1, 2, 9)))
                                .get(0)
                                .encode(),
                        b -> ReturnedNotice.decode(b).encode()),
                decoder("hand-over", handOver.encode(), b -> HandOver.decode(b).encode()),
                decoder(
                        "hand-over as text",
                        Bytes.utf8(handOver.toText()),
                        b -> text(HandOver.fromText(text(b)).toText(), b)),
                decoder(
                        "join ticket",
                        joinTicket.encode(),
                        b -> JoinTicket.decode(b).encode()),
                decoder(
                        "join ticket as text",
                        Bytes.utf8(joinTicket.toText()),
                        b -> text(JoinTicket.fromText(text(b)).toText(), b)),
                decoder("part", part.encode(), b -> PartTransaction.decode(b).encode()),
                decoder(
                        "part as text",
                        Bytes.utf8(part.toText()),
                        b -> text(PartTransaction.fromText(text(b)).toText(), b)),
                decoder(
                        "message batch",
                        new MessageBatch(Bytes.fromHex("0102030405060708"), List.of(ticket), List.of(one)).encode(),
                        b -> MessageBatch.decode(b).encode()),
                decoder(
                        "batch answer",
                        new BatchAnswer(9, List.of(new BatchAnswer.Refused(8, "unknown-recipient"))).encode(),
                        b -> BatchAnswer.decode(b).encode()),
                decoder(
                        "mailbox entry",
                        entry.encode(),
                        b -> MailboxEntry.decode(b).encode()),
                decoder(
                        "followed entry",
                        new FollowedEntry("d-1", entry).encode(),
                        b -> FollowedEntry.fromItem(item(b)).encode()),
                decoder(
                        "follow request",
                        new FollowRequest(List.of(new FollowRequest.Cursor("d-1", 0, ticket))).encode(),
                        b -> FollowRequest.decode(b).encode()),
                decoder("inbox sequence", Bytes.concat(inbox, inbox), ProtocolDecoders::inbox),
                decoder(
                        "transaction answer",
                        Cbor.encode(new TransactionAnswer.Accepted(session, world.receipt).item()),
                        b -> Cbor.encode(TransactionAnswer.fromItem(item(b)).item())),
                decoder(
                        "refusing transaction answer",
                        Cbor.encode(new TransactionAnswer.Rejected("name-taken", "choose another").item()),
                        b -> Cbor.encode(TransactionAnswer.fromItem(item(b)).item())));
    }

    private static Item item(Bytes bytes) throws MalformedMessageException {
        try {
            return Cbor.decode(bytes, MAX_BYTES);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not an item", e);
        }
    }

    private static Bytes inbox(Bytes bytes) throws MalformedMessageException {
        return Bytes.concat(InboxEntry.decodeSequence(bytes).stream()
                .map(InboxEntry::encode)
                .toArray(Bytes[]::new));
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    }

    /** A line may have blanks around it. */
    private static Bytes text(String again, Bytes given) {
        return text(given).strip().equals(again) ? given : Bytes.utf8(again);
    }

    private static Decoder decoder(String name, Bytes sample, Decoder.Reader reader) {
        return new Decoder(name, sample, MalformedMessageException.class, reader);
    }
}
