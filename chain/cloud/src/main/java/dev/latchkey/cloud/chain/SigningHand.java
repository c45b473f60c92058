package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Signer;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.merkle.HistoryTree;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs a chain's heads with this node's replica key, one history and no other. For the line's thread. */
final class SigningHand implements AutoCloseable {
    /** A header further ahead of the node's clock than this is not signed yet. */
    static final Duration MAX_AHEAD = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(SigningHand.class);

    private final Signer replica;
    private final SigningGuard guard;

    SigningHand(Signer replica, SigningGuard guard) {
        this.replica = replica;
        this.guard = guard;
    }

    /** The newest height that was signed. */
    long height() {
        return guard.last().height();
    }

    /**
     * Signs a head that this node verified. On disk before it returns: what it signs after that continues this history.
     *
     * @param history the history up to the newest verified head, or later
     * @param verified the height of the newest verified head
     * @param applied the height of the chain
     */
    OwnSignature sign(ChainState head, HistoryTree history, long verified, long applied, Instant now)
            throws IOException {
        if (head.header().timeMillis() > now.plus(MAX_AHEAD).toEpochMilli()) {
            return OwnSignature.not(Alarm.AHEAD);
        }
        if (head.struck().contains(replica.publicKey().kid())) {
            return OwnSignature.not(Alarm.STRUCK);
        }
        if (!isReplica(head)) {
            return OwnSignature.not(Alarm.NOT_A_REPLICA);
        }
        SigningGuard.Signed last = guard.last();
        if (verified < last.height()) {
            return OwnSignature.not(verified == applied ? Alarm.ROLLED_BACK : Alarm.NONE);
        }
        if (!history.root(last.height() + 1).equals(last.historyRoot())) {
            LOG.error("this history is not the one signed before: height={}", last.height());
            return OwnSignature.not(Alarm.OTHER_HISTORY);
        }
        if (head.height() >= last.height()) { // an earlier head of the same history contradicts nothing
            guard.advance(last, new SigningGuard.Signed(head.height(), head.historyRoot()));
        }
        return OwnSignature.of(SignedCheckpoint.sign(head.checkpoint(), replica, now));
    }

    private boolean isReplica(ChainState head) {
        CoseKey key = replica.publicKey();
        return head.policy().replicas().nodes().stream()
                .anyMatch(node -> node.sig().equals(key));
    }

    @Override
    public void close() throws IOException {
        guard.close();
    }
}
