package dev.latchkey.cloud.audit;

import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.VerifiedCheckpoint;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a chain is that was found to be good. Immutable.
 *
 * @param state the chain after its last block
 * @param checkpoint the checkpoint that k replicas signed
 * @param transactions how many there are
 * @param kinds how many of each kind
 * @param records how many member records were written
 * @param work how many blocks stand at each difficulty that asks for work, in leading zero bits
 * @param signatures how many signatures were checked
 * @param took how long it took
 */
public record AuditReport(
        ChainState state,
        VerifiedCheckpoint checkpoint,
        long transactions,
        Map<String, Long> kinds,
        long records,
        SortedMap<Integer, Long> work,
        long signatures,
        Duration took) {
    /** Signatures checked in a second. */
    public double signaturesPerSecond() {
        return signatures / Math.max(1e-9, took.toNanos() / 1e9);
    }

    /** Hashes that one block of a difficulty takes on average. */
    public static long triesPerBlock(int difficulty) {
        return 1L << difficulty;
    }

    /** Members by state. */
    public Map<String, Long> states() {
        Map<String, Long> states = new TreeMap<>();
        state.forEachMember(record ->
                states.merge(record.state().getClass().getSimpleName().toLowerCase(Locale.ROOT), 1L, Long::sum));
        return states;
    }
}
