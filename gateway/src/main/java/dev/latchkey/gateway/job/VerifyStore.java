package dev.latchkey.gateway.job;

import dev.latchkey.gateway.replica.ColdCheck;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.ledger.ChainState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads every stored block of every chain and compares it with the history tree, whose root the replicas signed: a block
 * that fits is bit for bit the one that was verified with all its signatures when it came.
 */
public final class VerifyStore implements JobWork {
    /** Heights between two looks at whether it shall end. */
    private static final int STEP = 256;

    private final Supplier<Map<String, Replica>> chains;

    /** @param chains the served chains by name */
    public VerifyStore(Supplier<Map<String, Replica>> chains) {
        this.chains = chains;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException {
        Map<String, Replica> served = chains.get();
        long total = 0;
        for (Replica replica : served.values()) {
            total += blocks(replica);
        }
        progress.total(total);
        long before = 0;
        List<String> damaged = new ArrayList<>();
        for (Map.Entry<String, Replica> chain : served.entrySet()) {
            progress.message("checking " + chain.getKey());
            long blocks = blocks(chain.getValue());
            for (long height = 0; height < blocks; height++) {
                if (height % STEP == 0) {
                    progress.check();
                    progress.done(before + height);
                }
                if (!ColdCheck.isWhole(chain.getValue(), height)) {
                    damaged.add(chain.getKey() + " " + height);
                    break;
                }
            }
            before += blocks;
            progress.done(before);
        }
        if (!damaged.isEmpty()) {
            throw new IOException("damaged from height: " + String.join(", ", damaged)
                    + "; stop the gateway and restore a backup, or begin with an empty store");
        }
        return "every block is the one that was verified";
    }

    private static long blocks(Replica replica) {
        return replica.state().map(ChainState::height).orElse(-1L) + 1;
    }
}
