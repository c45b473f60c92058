package dev.latchkey.cloud.api;

import java.util.Map;

/** What each refusal of a transaction means to who posted it. Stateless. */
final class RefusalTexts {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("malformed", "the bytes are not a transaction in deterministic CBOR"),
            Map.entry("not-allowed", "no rule allows this kind of transaction here"),
            Map.entry("bad-name", "a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit"),
            Map.entry("name-taken", "the name belongs to somebody else for ever; choose another"),
            Map.entry("unknown-member", "nobody of that name is an active member"),
            Map.entry("bad-sequence", "the sequence is not the record's plus one; ask for the record again"),
            Map.entry("key-reused", "a key has been registered before; make new ones"),
            Map.entry("missing-signature", "a signature that the rule asks for is missing"),
            Map.entry("unwanted-signature", "there is a signature that the rule does not ask for"),
            Map.entry("bad-signature", "a signature does not verify; it may be for another chain"),
            Map.entry("voucher-chain", "the voucher is for another chain"),
            Map.entry("voucher-signature", "no active admin of the chain issued the voucher"),
            Map.entry("voucher-expired", "the voucher is past its time; ask the operator for another"),
            Map.entry("voucher-used-up", "the voucher has no use left; ask the operator for another"),
            Map.entry("voucher-scope", "the voucher is for other names or another role"),
            Map.entry("voucher-key", "the join is not signed by the voucher's private key"),
            Map.entry("next-key", "the new sig key is not the one committed to, or the commitment changes without it"),
            Map.entry("recovery", "a recovery of this member waits already, or none does that could be vetoed"),
            Map.entry("too-many", "the member has made as many transactions in this hour as the policy allows"),
            Map.entry("bad-cut", "the block that the policy names as the last before a loss is not the newest"),
            Map.entry("bad-policy", "the policy does not follow from the one before, or names keys it may not"),
            Map.entry("batch-chain", "the batch is for another chain"),
            Map.entry("batch-signature", "no active admin of the chain endorsed the batch"),
            Map.entry("batch-expired", "the batch is past its time; ask the operator for another"),
            Map.entry("batch-path", "the join does not stand at that place of the batch"),
            Map.entry("batch-scope", "a batch is for members, and needs no voucher beside it"),
            Map.entry("not-sibling", "the policy does not name that chain as a sibling"),
            Map.entry("bad-proof", "what the transaction carries does not prove what it should"),
            Map.entry(
                    "stale-proof", "the carried checkpoint is older than 10 minutes; fetch proof and checkpoint again"),
            Map.entry(
                    "not-ordered-here",
                    "the member comes from a chain that this node does not order, so it cannot tell who it is"),
            Map.entry("deadline", "the deadline of the move is past, too far ahead, or not yet reached"),
            Map.entry("tombstone", "the chain it comes from has revoked this member"),
            Map.entry("not-replica", "no replica key of the policy signed both that is not struck already"),
            Map.entry("stale-work", "another block came first; post it again"),
            Map.entry("block-full", "the block is full; post it again"),
            Map.entry("overloaded", "too many transactions wait; post it again later"));

    private RefusalTexts() {}

    static String of(String code) {
        return TEXTS.getOrDefault(code, "");
    }
}
