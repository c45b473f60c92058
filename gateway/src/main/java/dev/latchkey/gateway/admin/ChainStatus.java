package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.replica.BlockChecks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a gateway is in one of the sub-networks that it serves. On the wire a map from names to values.
 *
 * @param chain the sub-network's name
 * @param height the newest verified height on disk, -1 before block 0
 * @param announced the newest height the cloud has spoken of, -1 before it has
 * @param checkpoint the height of the checkpoint that is handed out
 * @param signedHeight the newest height that the replicas signed and this gateway verified, -1 before the first; above the
 *     checkpoint's while witnesses are missing
 * @param cosigned the height that this gateway cosigned last, as a witness
 * @param liars replica keys that are proven here to have signed two histories
 * @param evidence files kept here that prove it
 * @param members names in the directory
 * @param cloudUp whether the stream of blocks is open
 * @param cloudSinceMillis when that last changed, milliseconds since 1970
 * @param cloudProblem why it is down, empty while it is up
 * @param outboxMessages messages of this chain that wait for the cloud
 * @param fault what did not verify last
 * @param checks what was checked since the start
 */
public record ChainStatus(
        String chain,
        long height,
        long announced,
        OptionalLong checkpoint,
        long signedHeight,
        OptionalLong cosigned,
        long liars,
        long evidence,
        long members,
        boolean cloudUp,
        long cloudSinceMillis,
        Optional<String> cloudProblem,
        long outboxMessages,
        Optional<String> fault,
        BlockChecks checks) {
    /** Blocks that the cloud has spoken of and that are not verified here yet. */
    public long lag() {
        return Math.max(0, announced - height);
    }

    /** The values by name; absent ones are null. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("chain", chain);
        values.put("height", height);
        values.put("announced", announced);
        values.put("lag", lag());
        values.put("checkpoint", checkpoint.isPresent() ? checkpoint.getAsLong() : null);
        values.put("signed-height", signedHeight);
        values.put("cosigned", cosigned.isPresent() ? cosigned.getAsLong() : null);
        values.put("lying-replicas", liars);
        values.put("evidence", evidence);
        values.put("members", members);
        values.put("cloud-up", cloudUp);
        values.put("cloud-since-ms", cloudSinceMillis);
        values.put("cloud-problem", cloudProblem.orElse(null));
        values.put("outbox-messages", outboxMessages);
        values.put("blocks-verified", checks.blocksVerified());
        values.put("blocks-refused", checks.blocksRefused());
        values.put("checkpoints-refused", checks.checkpointsRefused());
        values.put("last-fault", fault.orElse(null));
        return values;
    }
}
