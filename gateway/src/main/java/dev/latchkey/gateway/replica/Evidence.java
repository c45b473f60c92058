package dev.latchkey.gateway.replica;

import dev.latchkey.ledger.BlockFaultException;
import java.util.Locale;

/** What is kept of blocks and checkpoints that do not verify. */
final class Evidence {
    /** Faulty blocks and checkpoints kept; the first ones tell most, and a liar must not fill the disk. */
    static final int MAX_KEPT = 16;

    private Evidence() {}

    /** The fault in words for people: "signature", "transaction (name-taken)". */
    static String reason(BlockFaultException fault) {
        String kind = fault.fault().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind
                + fault.refusal().map(refusal -> " (" + refusal.code() + ")").orElse("");
    }
}
