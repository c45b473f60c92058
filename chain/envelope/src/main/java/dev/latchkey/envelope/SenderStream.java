package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one member sends in a session, as another receives it: each reading once, in any order. It keeps the keys of epochs
 * that still have gaps, and moves its chain key forward only after a reading opened, so that forged readings cannot push
 * it ahead. Not for use by several threads.
 */
final class SenderStream {
    private static final int EPOCHS = ReadingHead.MAX_READINGS / SendingSession.EPOCH_READINGS;

    private final Secret iv;
    private final DigestCheck digests;
    /** Epochs below nextEpoch that have no window are complete. */
    private final Map<Integer, EpochWindow> windows = new TreeMap<>();

    private int nextEpoch;
    private Secret nextChain;
    private int failures;

    /** @param digests checks what the sender signs about its readings */
    SenderStream(SenderSecrets secrets, DigestCheck digests) {
        this.iv = secrets.iv();
        this.nextChain = secrets.chain();
        this.digests = digests;
    }

    boolean isDropped() {
        return failures >= ReceivingSession.MAX_FAILURES;
    }

    /** What a reading says, once it has opened; {@link #markSeen} ends the matter. */
    Bytes decrypt(ReadingHead head, byte[] encStructure) throws RefusedMessageException {
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
            Optional<byte[]> plaintext = AesCcm.open(
                    window.key().array(),
                    Derivation.nonce(iv, head.partialIv()),
                    encStructure,
                    head.ciphertext().toArray());
            if (plaintext.isEmpty()) {
                failed();
                throw new RefusedMessageException(Reason.NOT_OPENED);
            }
            ahead.commit();
            return Bytes.wrap(plaintext.get());
        } finally {
            ahead.eraseUnlessCommitted();
        }
    }

    private void failed() {
        failures++;
        if (isDropped()) {
            erase();
        }
    }

    boolean hasSeen(int partialIv) {
        int epoch = partialIv / SendingSession.EPOCH_READINGS;
        EpochWindow window = windows.get(epoch);
        return window == null ? epoch < nextEpoch : window.hasSeen(partialIv);
    }

    /**
     * Takes note of a reading that was opened.
     *
     * @return digests that waited for it
     */
    List<Confirmation> markSeen(int partialIv, Bytes message) {
        int epoch = partialIv / SendingSession.EPOCH_READINGS;
        EpochWindow window = windows.get(epoch);
        window.markSeen(partialIv);
        if (window.isComplete()) {
            window.key().erase();
            windows.remove(epoch);
        }
        return digests.arrived(partialIv, message, this::hasSeen);
    }

    Confirmation confirm(VerifiedDigest digest) {
        return digests.check(digest, this::hasSeen);
    }

    /** What was seen is still known: digests go on to tell what is missing. */
    void erase() {
        failures = ReceivingSession.MAX_FAILURES;
        windows.values().forEach(window -> window.key().erase());
        nextChain.erase();
        iv.erase();
    }

    /** {@code [iv, next epoch, chain key, [* [epoch, key, seen]], failures, digests]}. */
    Item state() {
        List<Item> open = new ArrayList<>();
        windows.forEach((epoch, window) ->
                open.add(Cbor.array(Cbor.uint(epoch), Cbor.bytes(kept(window.key())), Cbor.bytes(window.bitmap()))));
        return Cbor.array(
                Cbor.bytes(kept(iv)),
                Cbor.uint(nextEpoch),
                Cbor.bytes(kept(nextChain)),
                Cbor.array(open),
                Cbor.uint(failures),
                digests.state());
    }

    static SenderStream resume(Item state, Digest sessionId) throws MalformedCborException {
        List<Item> parts = state.asArray(6);
        Secret iv = Secret.copyOf(parts.get(0).asBytes(AesCcm.NONCE_SIZE));
        Secret chain = Secret.copyOf(parts.get(2).asBytes(Digest.SIZE));
        SenderStream stream =
                new SenderStream(new SenderSecrets(chain, iv), DigestCheck.resume(parts.get(5), sessionId));
        stream.nextEpoch = parts.get(1).asUint(EPOCHS);
        for (Item window : parts.get(3).asArray(0, EPOCHS)) {
            List<Item> of = window.asArray(3);
            stream.windows.put(
                    of.get(0).asUint(EPOCHS - 1),
                    EpochWindow.of(of.get(1).asBytes(AesCcm.KEY_SIZE), of.get(2).asBytes(EpochWindow.BITMAP_SIZE)));
        }
        stream.failures = parts.get(4).asUint(ReceivingSession.MAX_FAILURES);
        return stream;
    }

    private Bytes kept(Secret secret) {
        return isDropped() ? Bytes.wrap(new byte[secret.size()]) : secret.reveal();
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
