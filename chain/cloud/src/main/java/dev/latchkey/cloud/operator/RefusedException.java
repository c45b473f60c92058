package dev.latchkey.cloud.operator;

import java.io.IOException;
import java.util.Map;

/** The chain refuses a transaction; nothing has changed. The message says what to do. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("name-taken", "choose another name"),
            Map.entry("unknown-member", "look at its state with `latchkey operator status NAME`"),
            Map.entry("bad-sequence", "somebody was quicker: begin again, the record or the policy has changed"),
            Map.entry("key-reused", "make new keys; a key is registered once and for ever"),
            Map.entry(
                    "bad-cut",
                    "it is for a restore, latchkey restore --accept-loss, of what ends with the block it names"),
            Map.entry("bad-policy", "look at the policy in force with `latchkey operator policy show`, begin again"),
            Map.entry("missing-signature", "let another operator sign the part: `latchkey operator sign FILE`"),
            Map.entry("unwanted-signature", "begin again: exactly the signatures that the rule asks for"),
            Map.entry("bad-signature", "a key of the part is not the one it says; begin again"),
            Map.entry("recovery", "a recovery of this member waits already, or none may begin now"),
            Map.entry("too-many", "try again in an hour"),
            Map.entry("stale-work", "try again"),
            Map.entry("block-full", "try again"),
            Map.entry("overloaded", "try again"));

    private final String code;

    RefusedException(String code, String detail) {
        super("refused, nothing has changed: " + code + (detail.isEmpty() ? "" : ": " + detail)
                + (ADVICE.containsKey(code) ? "; " + ADVICE.get(code) : ""));
        this.code = code;
    }

    /** The refusal code of chain/WIRE.md. */
    String code() {
        return code;
    }
}
