package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The blocks and records of chains, to read. Thread-safe. */
public interface StoredChains {
    /** The block of a height. */
    Optional<Bytes> block(ChainId chain, long height);

    /** Visits the blocks from {@code from} to {@code to}, both inclusive, until the visitor answers false. */
    void blocks(ChainId chain, long from, long to, BiPredicate<Long, Bytes> visitor);

    /** The record of a name as it stood after the block of that height. */
    Optional<MemberRecord> recordAt(ChainId chain, String name, long height);

    /** The encoded records of a name before one of them, newest first, as far as each is what the one after it names. */
    List<Bytes> recordsBefore(ChainId chain, MemberRecord newest, int limit);
}
