package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Refusal;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.ChainId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Entries with the nonce that the chain's difficulty asks for. Stateless. */
final class Work {
    private Work() {}

    /** An entry at difficulty 0: a random nonce, any parent. */
    static Entry none(ChainId chain, long clockMillis, List<Bytes> transactions, SecureRandom random) {
        byte[] nonce = new byte[Header.NONCE_BYTES];
        random.nextBytes(nonce);
        return new Entry(chain, clockMillis, Bytes.wrap(nonce), Optional.empty(), transactions);
    }

    /**
     * An entry whose block has enough zero bits, for exactly this parent. Runs apply on a copy for each nonce, which is
     * the plain way and slow; with difficulty d it takes about 2^d applications.
     */
    static Entry of(ChainState parent, long clockMillis, List<Bytes> transactions, SecureRandom random) {
        Optional<Digest> expected = Optional.of(parent.blockHash());
        long nonce = random.nextLong();
        while (true) {
            Bytes candidate = Bytes.wrap(
                    ByteBuffer.allocate(Header.NONCE_BYTES).putLong(nonce).array());
            Entry entry = new Entry(parent.chainId(), clockMillis, candidate, expected, transactions);
            if (!lacksWork(parent, entry) || Thread.currentThread().isInterrupted()) {
                return entry;
            }
            nonce++;
        }
    }

    private static boolean lacksWork(ChainState parent, Entry entry) {
        Step step = Ledger.apply(parent, entry);
        if (entry.transactions().isEmpty()) {
            long idle = entry.clockMillis() - parent.header().timeMillis();
            return step.block().isEmpty() && idle >= Ledger.IDLE_MILLIS;
        }
        return step.outcomes().stream().anyMatch(Work::isStale);
    }

    private static boolean isStale(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && refused.reason() == Refusal.STALE_WORK;
    }
}
