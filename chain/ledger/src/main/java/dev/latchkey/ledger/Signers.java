package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Domain;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The signatures that a rule row asks of one transaction: each asked key must have signed, nobody else may have. For one
 * thread.
 */
final class Signers {
    private record Asked(CoseKey key, Bytes externalAad, Refusal ifMissing) {}

    private final SignedTransaction transaction;
    private final ChainId chain;
    private final Map<KeyId, Asked> asked = new TreeMap<>();
    private boolean askedTwice;

    Signers(SignedTransaction transaction, ChainId chain) {
        this.transaction = transaction;
        this.chain = chain;
    }

    /** The id of the transaction. */
    Digest transactionId() {
        return transaction.id(chain);
    }

    /** Asks for a signature over the transaction. */
    Signers by(CoseKey key) {
        return by(key, Refusal.MISSING_SIGNATURE);
    }

    /** Asks for a signature over the transaction, with a refusal of its own when it is missing. */
    Signers by(CoseKey key, Refusal ifMissing) {
        return ask(key, Domain.transaction(chain), ifMissing);
    }

    /** Asks for a dtls key's proof of possession. */
    Signers possessedBy(CoseKey dtls) {
        return ask(dtls, Domain.possession(chain), Refusal.MISSING_SIGNATURE);
    }

    /** Asks for exactly k of the operators: those k that signed, if so many did. */
    Signers byOperators(Policy.Operators operators) {
        List<CoseKey> signed = new ArrayList<>();
        for (CoseKey operator : operators.keys()) {
            if (transaction.kids().contains(operator.kid())) {
                signed.add(operator);
            }
        }
        List<CoseKey> wanted = signed.size() >= operators.k() ? signed.subList(0, operators.k()) : operators.keys();
        wanted.forEach(this::by);
        return this;
    }

    /** The kids of signatures that nothing has asked for yet. */
    List<KeyId> unasked() {
        return transaction.kids().stream()
                .filter(kid -> !asked.containsKey(kid))
                .toList();
    }

    /** The refusal, if a signature is missing or one too many. */
    private Optional<Refusal> mismatch() {
        for (Map.Entry<KeyId, Asked> entry : asked.entrySet()) {
            if (!transaction.kids().contains(entry.getKey())) {
                return Optional.of(entry.getValue().ifMissing());
            }
        }
        if (askedTwice || transaction.kids().size() != asked.size()) {
            return Optional.of(Refusal.UNWANTED_SIGNATURE);
        }
        return Optional.empty();
    }

    /** Grants the change if exactly the asked keys signed. */
    Decision grant(Consumer<Draft> change) {
        return grant(List.of(), change);
    }

    /** Grants the change if exactly the asked keys signed and further claims hold. */
    Decision grant(List<SignatureClaim> further, Consumer<Draft> change) {
        Optional<Refusal> mismatch = mismatch();
        if (mismatch.isPresent()) {
            return Decision.denied(mismatch.get());
        }
        List<SignatureClaim> claims = new ArrayList<>(claims());
        claims.addAll(further);
        return new Decision.Granted(claims, change);
    }

    /** The asked signatures as claims; only after {@link #mismatch} found none. */
    private List<SignatureClaim> claims() {
        List<SignatureClaim> claims = new ArrayList<>();
        for (int i = 0; i < transaction.kids().size(); i++) {
            Asked wanted = asked.get(transaction.kids().get(i));
            CoseSign.Signature signature = transaction.signature(i);
            claims.add(new SignatureClaim(
                    wanted.key(),
                    () -> CoseSign.toBeSigned(signature.protectedHeader(), transaction.body(), wanted.externalAad()),
                    signature.value(),
                    Refusal.BAD_SIGNATURE));
        }
        return claims;
    }

    private Signers ask(CoseKey key, Bytes externalAad, Refusal ifMissing) {
        askedTwice |= asked.put(key.kid(), new Asked(key, externalAad, ifMissing)) != null;
        return this;
    }
}
