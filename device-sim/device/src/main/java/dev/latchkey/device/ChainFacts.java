package dev.latchkey.device;

import dev.latchkey.envelope.ChainContext;
import dev.latchkey.transaction.MemberRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a device goes by when it seals and opens, about one chain: proved by itself, or told by its gateway, as {@link
 * Verification} says. Used from the device's lane; futures complete there.
 */
interface ChainFacts {
    /**
     * A member's record.
     *
     * @param maxAge how long ago the gateway may have been asked for it; zero asks now
     * @return the record, or fails with {@link DeviceException.Kind#UNKNOWN_MEMBER}
     */
    CompletableFuture<MemberKey> key(String name, Duration maxAge);

    /** What a session that is opened now is bound to; the gateway was asked at most so long ago. */
    CompletableFuture<ChainContext> context(Duration maxAge);

    /** What a session at a block is bound to. */
    ChainContext context(KnownBlock block);

    /** The block of a height. */
    CompletableFuture<KnownBlock> block(long height);

    /** The record of who sent something in a session that is bound to a height, as it is now. */
    CompletableFuture<MemberKey> sender(String name, long height);

    /** All records of a member, newest first. */
    CompletableFuture<List<MemberRecord>> records(String name);

    /** How long the chain's mailboxes keep a message. */
    CompletableFuture<Duration> retention();

    /** Completes when the gateway may know of a newer block. */
    CompletableFuture<Void> nextCheckpoint();
}
