package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Which heights an opener may name: the newest, and those that were the newest within the last hour. Reads the disk, so
 * only for workers.
 */
final class RecentHeights {
    static final Duration RECENT = Duration.ofHours(1);

    private final Clock clock;

    RecentHeights(Clock clock) {
        this.clock = clock;
    }

    /** The hash of the block of that height of a chain, if an opener may name it. */
    Optional<Digest> blockHash(Replica replica, long height) {
        Optional<ChainState> state = replica.state();
        if (state.isEmpty() || height > state.get().height()) {
            return Optional.empty();
        }
        if (height == state.get().height()) {
            return Optional.of(state.get().blockHash());
        }
        Optional<Digest> handedOut = replica.heads().at(height).map(Head::state).map(ChainState::blockHash);
        return handedOut.isPresent() ? handedOut : fromDisk(replica, height);
    }

    private Optional<Digest> fromDisk(Replica replica, long height) {
        Optional<Bytes> next = replica.header(height + 1);
        long limit = clock.millis() - RECENT.toMillis();
        return next.isPresent() && timeOf(next.get()) >= limit
                ? replica.header(height).map(Digest::sha256)
                : Optional.empty();
    }

    private static long timeOf(Bytes header) {
        try {
            return Header.decode(header).timeMillis();
        } catch (MalformedBlockException e) {
            throw new IllegalStateException("a stored header is damaged", e);
        }
    }
}
