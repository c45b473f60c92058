package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.envelope.SealedPart.SealedKey;
import dev.latchkey.senml.Pack;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * One member's means to open sessions; safe for use by many threads if its signer, random source and store are.
 *
 * @param name the member's name on the chain
 * @param sig its signing key
 * @param random the source of session secrets, content keys and ephemeral keys
 */
public record Author(String name, Signer sig, SecureRandom random) {
    private static final int SESSION_SECRET_SIZE = 16;

    /** Opens a session with no first pack in the opener. */
    public Opened open(ChainContext context, List<Addressee> addressees, Instant now, CounterStore store) {
        return open(context, addressees, Bytes.EMPTY, now, store);
    }

    /**
     * Opens a session.
     *
     * @param addressees 1 to 16 members, each once; every one gets a fresh ephemeral key (RFC 9053, section 6.4)
     * @param firstPack a pack to send along, or empty
     * @param now remembered with the session, since one is used for 24 hours at most
     * @throws IllegalArgumentException if there are too many addressees, one twice, or the pack is too long
     */
    public Opened open(
            ChainContext context, List<Addressee> addressees, Bytes firstPack, Instant now, CounterStore store) {
        List<KeyId> kids = addressees.stream().map(to -> to.kex().kid()).toList();
        if (kids.isEmpty()
                || kids.size() > SealedPart.MAX_RECIPIENTS
                || new HashSet<>(kids).size() != kids.size()
                || firstPack.size() > Pack.MAX_BYTES) {
            throw new IllegalArgumentException("1 to 16 recipients, each once, and a pack within its limit");
        }
        Secret sessionSecret = fresh(SESSION_SECRET_SIZE);
        Secret contentKey = fresh(AesCcm.KEY_SIZE);
        try {
            SealedPart sealed = sealed(context, addressees, kids, sessionSecret, firstPack, contentKey);
            CoseSign1 opener = CoseSign1.sign(
                    OpenerHead.protectedHeader(sig.publicKey().kid(), context),
                    sealed.encode(),
                    OpenerHead.externalAad(context),
                    sig);
            Digest sessionId = Digest.sha256(opener.toBeSigned(OpenerHead.externalAad(context)));
            Membership members =
                    new Membership(sessionId, context, name, sig.publicKey().kid(), kids);
            return new Opened(
                    opener.encode(),
                    members.sending(sessionSecret, sig.publicKey().kid(), now, store),
                    members.receiving(sessionSecret, sig.publicKey().kid()));
        } finally {
            sessionSecret.erase();
            contentKey.erase();
        }
    }

    private SealedPart sealed(
            ChainContext context,
            List<Addressee> addressees,
            List<KeyId> kids,
            Secret sessionSecret,
            Bytes firstPack,
            Secret contentKey) {
        byte[] plaintext = SealedContent.encode(sessionSecret, firstPack).toArray();
        byte[] ciphertext = AesCcm.seal(
                contentKey.array(),
                SealedContent.NONCE.toArray(),
                SealedPart.encStructure(context, name, kids).toArray(),
                plaintext);
        java.util.Arrays.fill(plaintext, (byte) 0);
        List<SealedKey> keys = new ArrayList<>();
        for (Addressee to : addressees) {
            KeyPair ephemeral = KeyPair.generate(random);
            Secret agreed = Secret.copyOf(ephemeral.agree(to.kex()));
            Secret wrapping = Derivation.keyEncryptionKey(agreed, name, to.name(), context);
            keys.add(new SealedKey(
                    to.kex().kid(), Cbor.encode(ephemeral.publicKey().item()), KeyWrap.wrap(wrapping, contentKey)));
            wrapping.erase();
        }
        return new SealedPart(Bytes.wrap(ciphertext), keys);
    }

    private Secret fresh(int size) {
        byte[] secret = new byte[size];
        random.nextBytes(secret);
        return Secret.owning(secret);
    }

    @Override
    public String toString() {
        return "Author[" + name + "]";
    }
}
