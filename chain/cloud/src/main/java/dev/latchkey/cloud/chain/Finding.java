package dev.latchkey.cloud.chain;

import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.transaction.ChainId;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a node found when it ceased to sign a chain: where, what differs, and what should have been there. Holds no
 * secret; hashes are in hexadecimal. Immutable.
 *
 * @param alarm why the node does not sign
 * @param height the block that it is about
 * @param store the directory of the store and the family of rows in it, as {@code chains/blocks}; {@code guard}, or
 *     {@code state} for what is held in memory; empty if nothing stored is to blame
 * @param differs the name of the root or hash, or of what failed; empty as the store is
 * @param expected what should be there
 * @param found what is there
 */
public record Finding(
        Alarm alarm, ChainId chain, long height, String store, String differs, String expected, String found) {
    /** The store that holds what a node computed from its blocks. */
    static final String STATE = "state";

    /** A problem's detail has room for so much, beside what else it says. */
    private static final int MAX_TEXT = 360;

    private static final Pattern HASH = Pattern.compile("([0-9a-f]{16})[0-9a-f]{48}");
    private static final String READABLE = "a file that can be read";

    /** An alarm that is not about anything stored. */
    static Finding of(Alarm alarm, ChainId chain, long height) {
        return new Finding(alarm, chain, height, "", "", "", "");
    }

    /** A stored block that does not follow from the one before. */
    static Finding of(ChainId chain, String store, BlockFaultException fault) {
        String what = fault.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String found = fault.found()
                .map(Object::toString)
                .orElseGet(() -> fault.refusal().map(refusal -> refusal.code()).orElse("one that does not"));
        String expected = fault.expected().map(Object::toString).orElse("a block that keeps the rules");
        return new Finding(Alarm.BAD_BLOCK, chain, fault.height(), store, what, expected, found);
    }

    /** A row that the store does not give: a checksum of its file does not hold, or a file is gone. */
    static Finding of(ChainId chain, long height, String store, StoreFault fault) {
        String reason =
                fault.getCause() == null ? fault.getMessage() : fault.getCause().getMessage();
        return new Finding(Alarm.DISK, chain, height, store, "file", READABLE, String.valueOf(reason));
    }

    /** For people: what, where, and what to do; of hashes the first eight bytes. The log has them whole. */
    public String text() {
        String whole = HASH.matcher(sentence()).replaceAll("$1..");
        return whole.length() <= MAX_TEXT ? whole : whole.substring(0, MAX_TEXT - 2) + "..";
    }

    private String sentence() {
        String place = alarm.text() + " (chain " + chain + ", height " + height;
        String what = differs.isEmpty()
                ? ")"
                : ", store " + store + "): " + differs + " differs, expected " + expected + ", found " + found;
        return place + what + "; " + alarm.advice();
    }
}
