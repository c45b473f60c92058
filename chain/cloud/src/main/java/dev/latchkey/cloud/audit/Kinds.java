package dev.latchkey.cloud.audit;

import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts transactions by kind. For one thread. */
public final class Kinds {
    private static final List<String> NAMES = List.of(
            "genesis",
            "join by voucher",
            "join of a batch",
            "join endorsed",
            "rotate",
            "relocate out",
            "relocate in",
            "relocate done",
            "relocate cancel",
            "leave",
            "suspend",
            "resume",
            "revoke",
            "recover",
            "recover by operators",
            "veto",
            "policy",
            "evidence",
            "foreign revoke");

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long total;

    Kinds() {
        NAMES.forEach(name -> counts.put(name, 0L));
    }

    /** Counts a transaction that was verified. */
    void take(SignedTransaction transaction) {
        counts.merge(name(transaction), 1L, Long::sum);
        total++;
    }

    /** What a transaction does, such as {@code join by voucher}. */
    public static String name(SignedTransaction signed) {
        Transaction transaction = signed.transaction();
        if (transaction instanceof Join join) {
            if (signed.batch().isPresent()) {
                return "join of a batch";
            }
            return join.voucher().isPresent() ? "join by voucher" : "join endorsed";
        }
        if (transaction instanceof Standing standing) {
            return standing.act().name().toLowerCase(Locale.ROOT);
        }
        if (transaction instanceof PolicyChange) {
            return "policy";
        }
        return words(transaction.getClass().getSimpleName());
    }

    /** {@code RecoverByOperators} as {@code recover by operators}. */
    private static String words(String type) {
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    long total() {
        return total;
    }

    /** How many of each kind there were, in the order of their numbers. */
    Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }
}
