package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one member of a session receives in it from the others: from its author, and from the other recipients, each under
 * keys of its own. Safe for use by many threads. It opens each reading once, in any order.
 *
 * <p>What was opened must be kept ({@link #state}) before it is delivered: then nothing is delivered twice, whatever
 * happens in between.
 */
public final class ReceivingSession {
    /**
     * Readings of one sender that do not open before no more of it is opened: the tag is only 64 bits long. Counted for
     * each sender, so that nobody silences another.
     */
    public static final int MAX_FAILURES = 1_024;

    /** Longest state in bytes. */
    public static final int MAX_STATE_BYTES = 1 << 20;

    private static final String FORMAT = "latchkey receiving session";
    private static final int VERSION = 2;
    private static final int MAX_NAME_BYTES = 64;

    private final Digest sessionId;
    private final String chainName;
    private final String authorName;
    private final long height;
    private final byte[] encStructure;

    // Guarded by this.
    private final Map<KeyId, SenderStream> streams;
    private final Map<String, KeyId> names = new LinkedHashMap<>();

    ReceivingSession(
            Digest sessionId, ChainContext context, String authorName, Map<KeyId, SenderStream> streams, KeyId author) {
        this(sessionId, context.chainName(), authorName, context.height(), streams);
        if (streams.containsKey(author)) {
            names.put(authorName, author);
        }
    }

    private ReceivingSession(
            Digest sessionId, String chainName, String authorName, long height, Map<KeyId, SenderStream> streams) {
        this.sessionId = sessionId;
        this.chainName = chainName;
        this.authorName = authorName;
        this.height = height;
        this.encStructure = ReadingHead.encStructure(sessionId);
        this.streams = streams;
    }

    /**
     * Resumes from kept state.
     *
     * @throws MalformedStateException if the state is not whole
     */
    public static ReceivingSession resume(Bytes state) throws MalformedStateException {
        try {
            List<Item> parts = Cbor.decode(state, MAX_STATE_BYTES).asArray(8);
            if (!parts.get(0).asText(MAX_NAME_BYTES).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                throw new MalformedStateException("not the state of a receiving session of this version");
            }
            Digest sessionId = Digest.of(parts.get(2).asBytes(Digest.SIZE));
            Map<KeyId, SenderStream> streams = new LinkedHashMap<>();
            for (Item stream : parts.get(6).asArray(1, SealedPart.MAX_RECIPIENTS)) {
                List<Item> of = stream.asArray(2);
                streams.put(new KeyId(of.get(0).asBytes(KeyId.SIZE)), SenderStream.resume(of.get(1), sessionId));
            }
            ReceivingSession session = new ReceivingSession(
                    sessionId,
                    parts.get(3).asText(MAX_NAME_BYTES),
                    parts.get(4).asText(MAX_NAME_BYTES),
                    parts.get(5).asUint(),
                    streams);
            for (Item name : parts.get(7).asArray(0, SealedPart.MAX_RECIPIENTS)) {
                List<Item> of = name.asArray(2);
                session.names.put(
                        of.get(0).asText(MAX_NAME_BYTES), new KeyId(of.get(1).asBytes(KeyId.SIZE)));
            }
            return session;
        } catch (MalformedCborException e) {
            throw new MalformedStateException("not the state of a receiving session", e);
        }
    }

    /** What to resume from. Holds secret keys: readable by its owner only, and in no log. */
    public synchronized Bytes state() {
        List<Item> senders = new ArrayList<>();
        streams.forEach((kid, stream) -> senders.add(Cbor.array(Cbor.bytes(kid.value()), stream.state())));
        List<Item> known = new ArrayList<>();
        names.forEach((name, kid) -> known.add(Cbor.array(Cbor.text(name), Cbor.bytes(kid.value()))));
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(sessionId.bytes()),
                Cbor.text(chainName),
                Cbor.text(authorName),
                Cbor.uint(height),
                Cbor.array(senders),
                Cbor.array(known)));
    }

    public Digest sessionId() {
        return sessionId;
    }

    /** The chain that the session is bound to; its members are members there. */
    public String chainName() {
        return chainName;
    }

    /** The member that opened the session, by its name in {@link #chainName()}. */
    public String authorName() {
        return authorName;
    }

    /** The height that the session is bound to. */
    public long height() {
        return height;
    }

    /** The keys of all whose readings may be opened: the author's sig key, recipients' kex keys. */
    public synchronized Set<KeyId> senders() {
        return new LinkedHashSet<>(streams.keySet());
    }

    /** Whether it is known which of {@link #senders} a name stands for; of the author it is from the beginning. */
    public synchronized boolean knows(String sender) {
        return names.containsKey(sender);
    }

    /**
     * Takes note of a recipient's name: openers list keys only.
     *
     * @param kid the kex key that the member of this name had at {@link #height}, as the chain proves
     * @throws RefusedMessageException if the opener does not list it, or lists it for another name
     */
    public synchronized void admit(String sender, KeyId kid) throws RefusedMessageException {
        boolean taken = names.containsValue(kid) && !kid.equals(names.get(sender));
        if (!streams.containsKey(kid) || taken || names.containsKey(sender) && !kid.equals(names.get(sender))) {
            throw new RefusedMessageException(Reason.OTHER_SENDER);
        }
        names.put(sender, kid);
    }

    /** Whether too many readings of a sender failed, and nothing more of it is opened. */
    public synchronized boolean isDropped(String sender) {
        return names.containsKey(sender) && streams.get(names.get(sender)).isDropped();
    }

    /**
     * Opens a reading and marks it seen.
     *
     * @param sender the member that it came from, as the uplink or the mailbox authenticates it
     * @param now the recipient's clock, to refuse measurements from the future
     * @throws RefusedMessageException if it does not open, says what its sender may not say, or was opened before
     */
    public synchronized Opening open(String sender, Bytes reading, Instant now) throws RefusedMessageException {
        ReadingHead head = ReadingHead.read(reading);
        if (!head.sessionTag().equals(ReadingHead.tag(sessionId))) {
            throw new RefusedMessageException(Reason.OTHER_SESSION);
        }
        SenderStream stream = stream(sender);
        Bytes plaintext = stream.decrypt(head, encStructure);
        Contents contents = ContentCheck.check(plaintext, SenderUrn.of(chainName, sender), now);
        if (stream.hasSeen(head.partialIv())) {
            throw new RefusedMessageException(Reason.SEEN);
        }
        return new Opening(head.partialIv(), contents, stream.markSeen(head.partialIv(), reading));
    }

    /**
     * Holds a sender's digest against what arrived of its readings. One that lists readings that are still to come waits
     * for them ({@link Opening#settled}).
     *
     * @throws RefusedMessageException if it is of another session or its sender is no other member of this one
     */
    public synchronized Confirmation confirm(String sender, VerifiedDigest digest) throws RefusedMessageException {
        if (!digest.sessionId().equals(sessionId)) {
            throw new RefusedMessageException(Reason.OTHER_SESSION);
        }
        return stream(sender).confirm(digest);
    }

    private SenderStream stream(String sender) throws RefusedMessageException {
        KeyId kid = names.get(sender);
        if (kid == null) {
            throw new RefusedMessageException(Reason.OTHER_SENDER);
        }
        return streams.get(kid);
    }

    /** Erases all keys. */
    public synchronized void erase() {
        streams.values().forEach(SenderStream::erase);
    }

    @Override
    public String toString() {
        return "ReceivingSession[" + ReadingHead.tag(sessionId) + "]";
    }
}
