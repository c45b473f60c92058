package dev.latchkey.ledger;

/** Why a transaction is refused. The code goes over the wire; chain/WIRE.md lists all of them. */
public enum Refusal {
    /** The bytes are not a transaction. */
    MALFORMED("malformed"),
    /** No rule allows this kind here. */
    NOT_ALLOWED("not-allowed"),
    /** The name breaks the grammar of names. */
    BAD_NAME("bad-name"),
    /** The name belongs to somebody already. */
    NAME_TAKEN("name-taken"),
    /** Nobody of that name is an active member. */
    UNKNOWN_MEMBER("unknown-member"),
    /** The sequence is not the record's plus one. */
    BAD_SEQUENCE("bad-sequence"),
    /** A key has been registered before. */
    KEY_REUSED("key-reused"),
    /** The new sig key is not the one committed to, or the commitment changes without it. */
    NEXT_KEY("next-key"),
    /** A recovery of this member waits already, or none does that could be vetoed. */
    RECOVERY("recovery"),
    /** The member has made as many transactions in this hour as the policy allows. */
    TOO_MANY("too-many"),
    /** The policy does not follow from the one before, or names keys it may not. */
    BAD_POLICY("bad-policy"),
    /** The block that the policy names as the last before a loss is not the parent. */
    BAD_CUT("bad-cut"),
    /** A signature that the rule asks for is missing. */
    MISSING_SIGNATURE("missing-signature"),
    /** A signature that the rule does not ask for is there. */
    UNWANTED_SIGNATURE("unwanted-signature"),
    /** A signature does not verify. */
    BAD_SIGNATURE("bad-signature"),
    /** The voucher is for another chain. */
    VOUCHER_CHAIN("voucher-chain"),
    /** The voucher's issuer is no active admin, or did not sign it. */
    VOUCHER_SIGNATURE("voucher-signature"),
    /** The voucher is past its time. */
    VOUCHER_EXPIRED("voucher-expired"),
    /** The voucher has no use left. */
    VOUCHER_USED_UP("voucher-used-up"),
    /** The voucher is for other names or another role. */
    VOUCHER_SCOPE("voucher-scope"),
    /** The join is not signed by the voucher's private key. */
    VOUCHER_KEY("voucher-key"),
    /** The batch is for another chain. */
    BATCH_CHAIN("batch-chain"),
    /** The batch's issuer is no active admin, or did not sign it. */
    BATCH_SIGNATURE("batch-signature"),
    /** The batch is past its time. */
    BATCH_EXPIRED("batch-expired"),
    /** The join is not at the place of the batch that it shows. */
    BATCH_PATH("batch-path"),
    /** A batch endorses only joins of members that bring no voucher. */
    BATCH_SCOPE("batch-scope"),
    /** The policy does not name the other chain as a sibling. */
    NOT_SIBLING("not-sibling"),
    /** What is carried from another chain, or shown as evidence, does not prove what it must. */
    BAD_PROOF("bad-proof"),
    /** The other chain's checkpoint is too old. */
    STALE_PROOF("stale-proof"),
    /** The deadline of the move is past, not yet past, or too far ahead. */
    DEADLINE("deadline"),
    /** The chain that the member comes from has revoked it. */
    TOMBSTONE("tombstone"),
    /** No replica of the policy signed both histories, or all that did are struck already. */
    NOT_REPLICA("not-replica"),
    /** The entry's work was done for another parent or is not enough; the leader proposes again. */
    STALE_WORK("stale-work"),
    /** The block is full; the same transaction may be sent again. */
    BLOCK_FULL("block-full");

    private final String code;

    Refusal(String code) {
        this.code = code;
    }

    /** The code on the wire. */
    public String code() {
        return code;
    }
}
