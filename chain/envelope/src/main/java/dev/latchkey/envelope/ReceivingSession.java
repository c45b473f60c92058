package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A recipient's side of a session; safe for use by many threads. It opens each reading once, in any order. It keeps the
 * keys of epochs that still have gaps, and moves its chain key forward only after a reading opened, so that forged
 * readings cannot push it ahead.
 *
 * <p>What was opened must be kept ({@link #state}) before it is delivered: then nothing is delivered twice, whatever
 * happens in between.
 */
public final class ReceivingSession {
    /** Readings that do not open before the session is dropped: the tag is only 64 bits long. */
    public static final int MAX_FAILURES = 1_024;

    private static final String FORMAT = "latchkey receiving session";
    private static final int VERSION = 1;
    private static final int EPOCHS = ReadingHead.MAX_READINGS / SendingSession.EPOCH_READINGS;
    private static final int MAX_STATE_BYTES = 512 + EPOCHS * 80;
    private static final int MAX_NAME_BYTES = 64;

    private final Digest sessionId;
    private final String chainName;
    private final String senderName;
    private final long height;
    private final byte[] encStructure;

    // Guarded by this. Epochs below nextEpoch that have no window are complete.
    private final Secret iv;
    private final Map<Integer, EpochWindow> windows = new TreeMap<>();
    private int nextEpoch;
    private Secret nextChain;
    private int failures;

    ReceivingSession(VerifiedOpener opener, SenderSecrets author) {
        this(
                opener.sessionId(),
                opener.context().chainName(),
                opener.senderName(),
                opener.context().height(),
                author.iv(),
                author.chain());
    }

    private ReceivingSession(
            Digest sessionId, String chainName, String senderName, long height, Secret iv, Secret chain) {
        this.sessionId = sessionId;
        this.chainName = chainName;
        this.senderName = senderName;
        this.height = height;
        this.encStructure = ReadingHead.encStructure(sessionId);
        this.iv = iv;
        this.nextChain = chain;
    }

    /**
     * Resumes from kept state.
     *
     * @throws MalformedStateException if the state is not whole
     */
    public static ReceivingSession resume(Bytes state) throws MalformedStateException {
        try {
            List<Item> parts = Cbor.decode(state, MAX_STATE_BYTES).asArray(11);
            if (!parts.get(0).asText(MAX_NAME_BYTES).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                throw new MalformedStateException("not the state of a receiving session of this version");
            }
            ReceivingSession session = new ReceivingSession(
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                    parts.get(3).asText(MAX_NAME_BYTES),
                    parts.get(4).asText(MAX_NAME_BYTES),
                    parts.get(5).asUint(),
                    Secret.copyOf(parts.get(6).asBytes(AesCcm.NONCE_SIZE)),
                    Secret.copyOf(parts.get(8).asBytes(Digest.SIZE)));
            session.nextEpoch = parts.get(7).asUint(EPOCHS);
            for (Item window : parts.get(9).asArray(0, EPOCHS)) {
                List<Item> of = window.asArray(3);
                session.windows.put(
                        of.get(0).asUint(EPOCHS - 1),
                        EpochWindow.of(
                                of.get(1).asBytes(AesCcm.KEY_SIZE), of.get(2).asBytes(EpochWindow.BITMAP_SIZE)));
            }
            session.failures = parts.get(10).asUint(MAX_FAILURES);
            return session;
        } catch (MalformedCborException e) {
            throw new MalformedStateException("not the state of a receiving session", e);
        }
    }

    /** What to resume from. Holds secret keys: readable by its owner only, and in no log. */
    public synchronized Bytes state() {
        List<Item> open = new ArrayList<>();
        windows.forEach((epoch, window) ->
                open.add(Cbor.array(Cbor.uint(epoch), Cbor.bytes(window.key().reveal()), Cbor.bytes(window.bitmap()))));
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(sessionId.bytes()),
                Cbor.text(chainName),
                Cbor.text(senderName),
                Cbor.uint(height),
                Cbor.bytes(isDropped() ? zeros(AesCcm.NONCE_SIZE) : iv.reveal()),
                Cbor.uint(nextEpoch),
                Cbor.bytes(isDropped() ? zeros(Digest.SIZE) : nextChain.reveal()),
                Cbor.array(open),
                Cbor.uint(failures)));
    }

    private static Bytes zeros(int size) {
        return Bytes.wrap(new byte[size]);
    }

    public Digest sessionId() {
        return sessionId;
    }

    /** The chain that the session is bound to; its opener is a member there. */
    public String chainName() {
        return chainName;
    }

    /** The member that opened the session, by its name in {@link #chainName()}. */
    public String senderName() {
        return senderName;
    }

    /** The height that the session is bound to. */
    public long height() {
        return height;
    }

    /** Whether too many readings failed and the session opens nothing more. */
    public synchronized boolean isDropped() {
        return failures >= MAX_FAILURES;
    }

    /**
     * Opens a reading and marks it seen.
     *
     * @param now the recipient's clock, to refuse measurements from the future
     * @throws RefusedMessageException if it does not open, says what its sender may not say, or was opened before
     */
    public synchronized Opening open(Bytes reading, Instant now) throws RefusedMessageException {
        ReadingHead head = ReadingHead.read(reading);
        if (!head.sessionTag().equals(ReadingHead.tag(sessionId))) {
            throw new RefusedMessageException(Reason.OTHER_SESSION);
        }
        if (isDropped()) {
            throw new RefusedMessageException(Reason.SESSION_DROPPED);
        }
        int epoch = head.partialIv() / SendingSession.EPOCH_READINGS;
        if (epoch < nextEpoch && !windows.containsKey(epoch)) {
            throw new RefusedMessageException(Reason.SEEN);
        }
        Ahead ahead = new Ahead(epoch);
        try {
            EpochWindow window = epoch < nextEpoch ? windows.get(epoch) : ahead.last();
            Bytes plaintext = decrypt(head, window.key());
            ahead.commit();
            Contents contents = ContentCheck.check(plaintext, SenderUrn.of(chainName, senderName), now);
            if (window.hasSeen(head.partialIv())) {
                throw new RefusedMessageException(Reason.SEEN);
            }
            markSeen(epoch, window, head.partialIv());
            return new Opening(head.partialIv(), contents);
        } finally {
            ahead.eraseUnlessCommitted();
        }
    }

    private Bytes decrypt(ReadingHead head, Secret key) throws RefusedMessageException {
        Optional<byte[]> plaintext = AesCcm.open(
                key.array(),
                Derivation.nonce(iv, head.partialIv()),
                encStructure,
                head.ciphertext().toArray());
        if (plaintext.isEmpty()) {
            failures++;
            if (isDropped()) {
                erase();
            }
            throw new RefusedMessageException(Reason.NOT_OPENED);
        }
        return Bytes.wrap(plaintext.get());
    }

    private void markSeen(int epoch, EpochWindow window, int partialIv) {
        window.markSeen(partialIv);
        if (window.isComplete()) {
            window.key().erase();
            windows.remove(epoch);
        }
    }

    /** Erases all keys. */
    public synchronized void erase() {
        failures = MAX_FAILURES;
        windows.values().forEach(window -> window.key().erase());
        windows.clear();
        nextChain.erase();
        iv.erase();
    }

    @Override
    public String toString() {
        return "ReceivingSession[" + ReadingHead.tag(sessionId) + "]";
    }

    /** The epochs from the next one to that of a reading, derived but not entered until the reading has opened. */
    private final class Ahead {
        private final List<EpochWindow> derived = new ArrayList<>();
        private Optional<Secret> chain = Optional.empty();
        private boolean committed;

        Ahead(int epoch) {
            for (int at = nextEpoch; at <= epoch; at++) {
                Secret current = chain.orElse(nextChain);
                derived.add(new EpochWindow(Derivation.epochKey(current)));
                Secret following = Derivation.nextChain(current);
                chain.ifPresent(Secret::erase);
                chain = Optional.of(following);
            }
        }

        EpochWindow last() {
            return derived.get(derived.size() - 1);
        }

        void commit() {
            committed = true;
            chain.ifPresent(following -> {
                nextChain.erase();
                nextChain = following;
            });
            for (EpochWindow window : derived) {
                windows.put(nextEpoch++, window);
            }
        }

        void eraseUnlessCommitted() {
            if (!committed) {
                derived.forEach(window -> window.key().erase());
                chain.ifPresent(Secret::erase);
            }
        }
    }
}
