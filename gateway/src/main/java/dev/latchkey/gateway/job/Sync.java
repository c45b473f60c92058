package dev.latchkey.gateway.job;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.ledger.ChainState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Asks the cloud for the newest checkpoint of each chain and waits until the chain is verified up to it. */
public final class Sync implements JobWork {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** One served chain. */
    public record Chain(String name, Replica replica, CloudClient cloud) {}

    private record Goal(Chain chain, long from, long height) {
        long done() {
            return Math.min(height, at(chain)) - from;
        }
    }

    private final Supplier<List<Chain>> chains;

    public Sync(Supplier<List<Chain>> chains) {
        this.chains = chains;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException, InterruptedException {
        List<Goal> goals = new ArrayList<>();
        long total = 0;
        for (Chain chain : chains.get()) {
            progress.check();
            progress.message("asking the cloud about " + chain.name());
            Goal goal = goal(chain);
            goals.add(goal);
            total += goal.height() - goal.from();
        }
        progress.total(total);
        progress.message("verifying");
        long done = 0;
        while (done < total) {
            for (Goal goal : goals) {
                if (goal.chain().replica().fault().isPresent() && goal.done() < goal.height() - goal.from()) {
                    throw new IOException(goal.chain().name() + ": what the cloud sent does not verify: "
                            + goal.chain().replica().fault().get().reason());
                }
            }
            progress.pause(BETWEEN_LOOKS);
            done = goals.stream().mapToLong(Goal::done).sum();
            progress.done(done);
        }
        return result(goals);
    }

    private static Goal goal(Chain chain) throws IOException, InterruptedException {
        try {
            chain.cloud().establish();
            SignedCheckpoint newest = SignedCheckpoint.decode(chain.cloud().checkpoint());
            chain.replica().offer(newest.encode());
            long from = at(chain);
            return new Goal(chain, from, Math.max(from, newest.checkpoint().height()));
        } catch (MalformedCheckpointException e) {
            throw new IOException(chain.name() + ": the cloud's checkpoint is malformed", e);
        } catch (IOException e) {
            throw new IOException(chain.name() + ": the cloud cannot be asked: " + e.getMessage(), e);
        }
    }

    private static long at(Chain chain) {
        return chain.replica().state().map(ChainState::height).orElse(-1L);
    }

    private static String result(List<Goal> goals) {
        List<String> heights = new ArrayList<>();
        goals.forEach(goal -> heights.add(goal.chain().name() + " at height " + goal.height()));
        return String.join(", ", heights);
    }
}
