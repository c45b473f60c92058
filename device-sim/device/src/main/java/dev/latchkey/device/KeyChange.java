package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * New keys and the transaction that puts them into effect; immutable.
 *
 * @param sig the new sig key, if it changes
 * @param kex the new kex key, if it changes
 * @param dtls the new dtls key, if it changes
 * @param next the sig key to come after this change, if it is a new one
 * @param transaction the signed transaction
 */
record KeyChange(
        Optional<KeyPair> sig,
        Optional<KeyPair> kex,
        Optional<KeyPair> dtls,
        Optional<KeyPair> next,
        Bytes transaction) {
    /**
     * A rotation of some keys.
     *
     * @param record the member's record now
     * @param next the key that the member committed to; it becomes the new sig key, if that is asked for
     */
    static KeyChange rotation(
            MemberRecord record,
            ChainId chain,
            Identity identity,
            Optional<KeyPair> next,
            Set<KeyPurpose> which,
            SecureRandom random)
            throws DeviceException {
        Optional<KeyPair> sig = Optional.empty();
        if (which.contains(KeyPurpose.SIG)) {
            sig = Optional.of(record.nextKey().isPresent() ? committed(record, next) : KeyPair.generate(random));
        }
        Optional<KeyPair> kex = made(which, KeyPurpose.KEX, random);
        Optional<KeyPair> dtls = made(which, KeyPurpose.DTLS, random);
        boolean newNext = sig.isPresent() || (record.nextKey().isEmpty() && next.isEmpty());
        Optional<KeyPair> following = newNext ? Optional.of(KeyPair.generate(random)) : Optional.empty();
        Optional<Digest> commitment =
                sig.isEmpty() && record.nextKey().isPresent() ? record.nextKey() : commitment(following.or(() -> next));
        Rotate rotate = new Rotate(
                record.name(),
                record.sequence() + 1,
                sig.map(KeyPair::publicKey),
                kex.map(KeyPair::publicKey),
                dtls.map(KeyPair::publicKey),
                commitment);
        TransactionSigning signing = TransactionSigning.of(rotate, chain).by(identity.sig());
        sig.ifPresent(signing::by);
        dtls.ifPresent(signing::possessedBy);
        return new KeyChange(sig, kex, dtls, following, signing.finish().encode());
    }

    /** A recovery by the key that the member committed to: all three keys are new. */
    static KeyChange recovery(String name, long sequence, ChainId chain, KeyPair next, SecureRandom random) {
        Identity identity = new Identity(next, KeyPair.generate(random), KeyPair.generate(random));
        KeyPair following = KeyPair.generate(random);
        Recover recover = new Recover(name, sequence, identity.keys(), commitment(Optional.of(following)));
        Bytes signed = TransactionSigning.of(recover, chain)
                .by(identity.sig())
                .possessedBy(identity.dtls())
                .finish()
                .encode();
        return new KeyChange(
                Optional.of(identity.sig()),
                Optional.of(identity.kex()),
                Optional.of(identity.dtls()),
                Optional.of(following),
                signed);
    }

    /** The key that a record commits to. */
    static KeyPair committed(MemberRecord record, Optional<KeyPair> next) throws DeviceException {
        return next.filter(pair -> record.nextKey().equals(commitment(Optional.of(pair))))
                .orElseThrow(() -> new DeviceException(
                        DeviceException.Kind.STORE, "the directory lacks the next key that the chain expects"));
    }

    static Optional<Digest> commitment(Optional<KeyPair> next) {
        return next.map(pair -> MemberRecord.commitment(pair.publicKey()));
    }

    private static Optional<KeyPair> made(Set<KeyPurpose> which, KeyPurpose purpose, SecureRandom random) {
        return which.contains(purpose) ? Optional.of(KeyPair.generate(random)) : Optional.empty();
    }

    /** The identity after the change. */
    Identity over(Identity before) {
        return new Identity(sig.orElse(before.sig()), kex.orElse(before.kex()), dtls.orElse(before.dtls()));
    }

    /** Whether a record shows that the change is in effect. */
    boolean isIn(MemberRecord record, Identity before) {
        MemberKeys after = over(before).keys();
        return record.keys().equals(after);
    }

    /** Whether a record shows that the change can take effect no more: another transaction took its place. */
    boolean isPast(MemberRecord record) {
        try {
            return record.sequence()
                    >= sequence(SignedTransaction.decode(transaction).transaction());
        } catch (MalformedTransactionException e) {
            return true;
        }
    }

    private static long sequence(Transaction transaction) throws MalformedTransactionException {
        if (transaction instanceof Rotate rotate) {
            return rotate.sequence();
        }
        if (transaction instanceof Recover recover) {
            return recover.sequence();
        }
        throw new IllegalStateException("not a change of keys");
    }
}
