package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import dev.latchkey.envelope.SealedPart.SealedKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One member's means to take up sessions that others opened for it; safe for use by many threads.
 *
 * @param name the member's name on the chain
 * @param kex its key-agreement key
 */
public record Receiver(String name, KeyPair kex) {

    /**
     * Takes up a session. The session secret is erased before this returns.
     *
     * @param now the recipient's clock, to refuse measurements from the future
     * @param began when the session began, as the block that it is bound to tells: what this member may send in it ends
     *     with it
     * @param store for the counter of what this member sends in it
     * @throws RefusedMessageException if the opener is not for this member or does not open
     */
    public Accepted accept(VerifiedOpener opener, Instant now, Instant began, CounterStore store)
            throws RefusedMessageException {
        SealedKey sealed = ownKey(opener);
        Secret wrapping = Derivation.keyEncryptionKey(
                Secret.copyOf(kex.agree(ephemeral(sealed))), opener.senderName(), name, opener.context());
        SealedContent content = content(opener, sealed, wrapping);
        try {
            String baseName = SenderUrn.of(opener.context().chainName(), opener.senderName());
            Optional<Contents> first = content.pack().isEmpty()
                    ? Optional.empty()
                    : Optional.of(ContentCheck.check(content.pack(), baseName, now));
            Membership members = new Membership(
                    opener.sessionId(), opener.context(), opener.senderName(), opener.senderKid(), opener.recipients());
            KeyId own = kex.publicKey().kid();
            return new Accepted(
                    members.receiving(content.sessionSecret(), own),
                    members.sending(content.sessionSecret(), own, began, store),
                    first);
        } finally {
            content.sessionSecret().erase();
        }
    }

    private SealedKey ownKey(VerifiedOpener opener) throws RefusedMessageException {
        List<SealedKey> own = opener.sealed().keys().stream()
                .filter(key -> key.recipient().equals(kex.publicKey().kid()))
                .toList();
        if (own.size() != 1) {
            throw new RefusedMessageException(Reason.NOT_ADDRESSED);
        }
        return own.get(0);
    }

    /** A key that is read is on the curve; anything else would leak our long-lived key bit by bit. */
    private static CoseKey ephemeral(SealedKey key) throws RefusedMessageException {
        try {
            return CoseKey.decode(key.ephemeral());
        } catch (MalformedKeyException e) {
            throw new RefusedMessageException(Reason.EPHEMERAL_KEY, e);
        }
    }

    private static SealedContent content(VerifiedOpener opener, SealedKey own, Secret wrapping)
            throws RefusedMessageException {
        Optional<Secret> contentKey = KeyWrap.unwrap(wrapping, own.wrapped());
        wrapping.erase();
        if (contentKey.isEmpty()) {
            throw new RefusedMessageException(Reason.NOT_OPENED);
        }
        Bytes aad = SealedPart.encStructure(opener.context(), opener.senderName(), opener.recipients());
        Optional<byte[]> plaintext = AesCcm.open(
                contentKey.get().array(),
                SealedContent.NONCE.toArray(),
                aad.toArray(),
                opener.sealed().ciphertext().toArray());
        contentKey.get().erase();
        if (plaintext.isEmpty()) {
            throw new RefusedMessageException(Reason.NOT_OPENED);
        }
        try {
            return SealedContent.decode(Bytes.of(plaintext.get()));
        } finally {
            Arrays.fill(plaintext.get(), (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "Receiver[" + name + "]";
    }
}
