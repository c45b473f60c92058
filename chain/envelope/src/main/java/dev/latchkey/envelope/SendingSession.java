package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.IOException;
import java.util.List;

/**
 * What one member of a session sends in it; safe for use by many threads. It holds the key of the current epoch and the chain key
 * of the next, never one of the past: who seizes the device reads at most the 256 readings of one epoch.
 *
 * <p>Before the first Partial IV of an epoch is used, the chain key of the <em>next</em> epoch is kept on disk. The
 * epoch's end is thus the bound below which Partial IVs may be used, and a process that resumes starts at that bound,
 * under a key that nothing was sealed with.
 */
public final class SendingSession {
    /** Readings that share a key, and that a restart may skip. */
    static final int EPOCH_READINGS = 256;

    private static final int EPOCHS = ReadingHead.MAX_READINGS / EPOCH_READINGS;
    private static final String FORMAT = "latchkey sending session";
    private static final int VERSION = 1;
    private static final int MAX_STATE_BYTES = 512;

    private final Digest sessionId;
    private final long openedMillis;
    private final byte[] encStructure;
    private final CounterStore store;

    // Guarded by this.
    private final Secret iv;
    private int epoch;
    private Secret epochKey;
    private Secret nextChain;
    private int next;
    private boolean ended;

    /** A session whose next reading is the first of an epoch. */
    SendingSession(Digest sessionId, long openedMillis, Secret iv, int epoch, Secret chain, CounterStore store) {
        this.sessionId = sessionId;
        this.openedMillis = openedMillis;
        this.encStructure = ReadingHead.encStructure(sessionId);
        this.store = store;
        this.iv = iv;
        this.epoch = epoch - 1;
        this.epochKey = Secret.owning(new byte[AesCcm.KEY_SIZE]);
        this.nextChain = chain;
        this.next = epoch * EPOCH_READINGS;
    }

    /**
     * Resumes a session from the state that was kept last. To resume from any older state would repeat nonces; a store
     * that cannot tell must not resume.
     *
     * @throws MalformedStateException if the state is not whole
     */
    public static SendingSession resume(Bytes state, CounterStore store) throws MalformedStateException {
        try {
            List<Item> parts = Cbor.decode(state, MAX_STATE_BYTES).asArray(7);
            if (!parts.get(0).asText(64).equals(FORMAT) || parts.get(1).asUint() != VERSION) {
                throw new MalformedStateException("not the state of a sending session of this version");
            }
            int epoch = parts.get(5).asUint(EPOCHS);
            return new SendingSession(
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                    parts.get(3).asUint(),
                    Secret.copyOf(parts.get(4).asBytes(AesCcm.NONCE_SIZE)),
                    epoch,
                    Secret.copyOf(parts.get(6).asBytes(Digest.SIZE)),
                    store);
        } catch (MalformedCborException e) {
            throw new MalformedStateException("not the state of a sending session", e);
        }
    }

    /** h, the id that everybody knows the session by. */
    public Digest sessionId() {
        return sessionId;
    }

    /** When the session was opened, in milliseconds since 1970: as its author told, or when a recipient took it up. */
    public long openedMillis() {
        return openedMillis;
    }

    /**
     * Keeps the state of a session in which nothing was sealed yet, so that it can be used after a restart. A session that
     * has sealed something is kept already.
     */
    public synchronized void keep() throws IOException {
        if (!ended && epoch < next / EPOCH_READINGS) {
            store.keep(state(epoch + 1, nextChain));
        }
    }

    /** Whether a reading can be sealed without opening a new session. */
    public synchronized boolean isUsable() {
        return !ended && next < ReadingHead.MAX_READINGS;
    }

    /**
     * Seals one pack under the next Partial IV.
     *
     * @throws SessionEndedException if all 65,536 are used, if the counter could not be kept, or after {@link #end}
     */
    public synchronized Sealed seal(Bytes pack) throws SessionEndedException {
        if (ended) {
            throw new SessionEndedException("the session has ended");
        }
        if (next >= ReadingHead.MAX_READINGS) {
            end();
            throw new SessionEndedException("all readings of the session are used");
        }
        if (next / EPOCH_READINGS != epoch) {
            enterNextEpoch();
        }
        int partialIv = next++;
        byte[] plaintext = pack.toArray();
        byte[] sealed = AesCcm.seal(epochKey.array(), Derivation.nonce(iv, partialIv), encStructure, plaintext);
        java.util.Arrays.fill(plaintext, (byte) 0);
        return new Sealed(
                partialIv, new ReadingHead(ReadingHead.tag(sessionId), partialIv, Bytes.wrap(sealed)).encode());
    }

    /** The state is kept first: a crash from here on resumes beyond every Partial IV of the epoch. */
    private void enterNextEpoch() throws SessionEndedException {
        Secret following = Derivation.nextChain(nextChain);
        try {
            store.keep(state(epoch + 2, following));
        } catch (IOException e) {
            following.erase();
            end();
            throw new SessionEndedException("the counter could not be kept", e);
        }
        epochKey.erase();
        epochKey = Derivation.epochKey(nextChain);
        nextChain.erase();
        nextChain = following;
        epoch++;
    }

    private Bytes state(int resumeAtEpoch, Secret chain) {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(sessionId.bytes()),
                Cbor.uint(openedMillis),
                Cbor.bytes(iv.reveal()),
                Cbor.uint(resumeAtEpoch),
                Cbor.bytes(chain.reveal())));
    }

    /** Erases all keys; nothing is sealed afterwards. The caller deletes what it kept. */
    public synchronized void end() {
        ended = true;
        epochKey.erase();
        nextChain.erase();
        iv.erase();
    }

    @Override
    public String toString() {
        return "SendingSession[" + ReadingHead.tag(sessionId) + "]";
    }
}
