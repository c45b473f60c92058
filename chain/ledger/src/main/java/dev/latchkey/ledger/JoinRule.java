package dev.latchkey.ledger;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.util.List;
import java.util.Optional;

/** The row of join: a name that is free, or that its holder left, takes three new keys. Stateless, pure. */
final class JoinRule {
    private JoinRule() {}

    static Decision decide(Draft draft, SignedTransaction signed, Join join) {
        if (!Names.isValid(join.name())) {
            return Decision.denied(Refusal.BAD_NAME);
        }
        Optional<MemberRecord> before = draft.member(join.name());
        if (before.isPresent() && !(before.get().state() instanceof MemberState.Left)) {
            return Decision.denied(Refusal.NAME_TAKEN);
        }
        if (before.filter(left -> draft.isTombstoned(left.id())).isPresent()) {
            return Decision.denied(Refusal.TOMBSTONE);
        }
        if (join.sequence() != before.map(MemberRecord::sequence).orElse(0L) + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        for (CoseKey key : join.keys().all()) {
            if (draft.isRegistered(key)) {
                return Decision.denied(Refusal.KEY_REUSED);
            }
        }
        Signers signers = new Signers(signed, draft.chain())
                .by(join.keys().sig())
                .possessedBy(join.keys().dtls());
        before.ifPresent(left -> signers.by(left.keys().sig()));
        if (signed.batch().isPresent()) {
            return ofBatch(draft, join, before, signers, signed.batch().get());
        }
        return join.voucher().isPresent()
                ? byVoucher(draft, join, before, signers, join.voucher().get())
                : endorsed(draft, join, before, signers);
    }

    private static Decision byVoucher(
            Draft draft, Join join, Optional<MemberRecord> before, Signers signers, Voucher voucher) {
        if (!voucher.chain().equals(draft.chain())) {
            return Decision.denied(Refusal.VOUCHER_CHAIN);
        }
        if (join.role() != Role.MEMBER || !Names.matches(voucher.pattern(), join.name())) {
            return Decision.denied(Refusal.VOUCHER_SCOPE);
        }
        Optional<CoseKey> issuer = issuerKey(draft, voucher.issuer());
        if (issuer.isEmpty()) {
            return Decision.denied(Refusal.VOUCHER_SIGNATURE);
        }
        if (draft.timeMillis() > voucher.notAfterMillis()) {
            return Decision.denied(Refusal.VOUCHER_EXPIRED);
        }
        if (draft.uses(voucher) >= voucher.uses()) {
            return Decision.denied(Refusal.VOUCHER_USED_UP);
        }
        signers.by(voucher.key(), Refusal.VOUCHER_KEY);
        SignatureClaim issued =
                new SignatureClaim(issuer.get(), voucher::toBeSigned, voucher.signature(), Refusal.VOUCHER_SIGNATURE);
        return signers.grant(List.of(issued), changed -> admit(changed, signers.transactionId(), join, before));
    }

    private static Decision ofBatch(
            Draft draft, Join join, Optional<MemberRecord> before, Signers signers, BatchTicket ticket) {
        BatchEndorsement endorsement = ticket.endorsement();
        if (!endorsement.chain().equals(draft.chain())) {
            return Decision.denied(Refusal.BATCH_CHAIN);
        }
        if (join.role() != Role.MEMBER || join.voucher().isPresent()) {
            return Decision.denied(Refusal.BATCH_SCOPE);
        }
        Optional<CoseKey> issuer = issuerKey(draft, endorsement.issuer());
        if (issuer.isEmpty()) {
            return Decision.denied(Refusal.BATCH_SIGNATURE);
        }
        if (draft.timeMillis() > endorsement.notAfterMillis()) {
            return Decision.denied(Refusal.BATCH_EXPIRED);
        }
        if (!ticket.covers(join.body())) {
            return Decision.denied(Refusal.BATCH_PATH);
        }
        SignatureClaim issued = new SignatureClaim(
                issuer.get(), endorsement::toBeSigned, endorsement.signature(), Refusal.BATCH_SIGNATURE);
        return signers.grant(List.of(issued), changed -> admit(changed, signers.transactionId(), join, before));
    }

    /** A voucher or a batch is signed by an admin; where one operator is enough for everything, also by that operator. */
    private static Optional<CoseKey> issuerKey(Draft draft, KeyId kid) {
        Optional<CoseKey> admin = activeAdmin(draft, kid);
        Policy.Operators operators = draft.policy().operators();
        if (admin.isPresent() || operators.k() > 1) {
            return admin;
        }
        return operators.keys().stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /** The sig key of the active admin with that kid. */
    static Optional<CoseKey> activeAdmin(Draft draft, KeyId kid) {
        return draft.activeSigner(kid)
                .filter(record -> record.role() == Role.ADMIN)
                .map(record -> record.keys().sig());
    }

    private static Decision endorsed(Draft draft, Join join, Optional<MemberRecord> before, Signers signers) {
        List<KeyId> others = signers.unasked();
        Optional<CoseKey> admin =
                join.role() == Role.MEMBER && others.size() == 1 ? activeAdmin(draft, others.get(0)) : Optional.empty();
        if (admin.isPresent()) {
            signers.by(admin.get());
        } else {
            signers.byOperators(draft.policy().operators());
        }
        return signers.grant(changed -> admit(changed, signers.transactionId(), join, before));
    }

    private static void admit(Draft draft, Digest transactionId, Join join, Optional<MemberRecord> before) {
        join.keys().all().forEach(key -> draft.register(key, join.name()));
        join.voucher().ifPresent(draft::countUse);
        draft.putMember(new MemberRecord(
                join.name(),
                before.map(MemberRecord::id).orElseGet(() -> MemberRecord.firstId(transactionId, join.name())),
                join.sequence(),
                MemberState.ACTIVE,
                join.role(),
                join.keys(),
                draft.height(),
                before.map(MemberRecord::hash),
                join.nextKey()));
    }
}
