package dev.latchkey.cloud.raft;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Every Ratis setting that Latchkey does not leave at its default, each with its reason. Immutable. A test reads them
 * back from a running server.
 */
final class RaftSettings {
    /** The largest entry, bytes: a block of 512 KiB or a message batch of 512 KiB, with room for their frames. */
    static final int MAX_ENTRY_BYTES = 1 << 20;

    /** Below this much free space, bytes, the log does not start: a full disk must not meet a half-written entry. */
    static final long FREE_SPACE_MIN_BYTES = 64L << 20;

    /** The largest message between members, bytes. */
    private static final long GRPC_MESSAGE_BYTES = 8L << 20;

    private RaftSettings() {}

    /** The settings of a node that is a group of one, if there is no transport, or a member of a cluster. */
    static RaftProperties properties(Path directory, Optional<Transport> transport) {
        RaftProperties p = new RaftProperties();
        storage(p, directory);
        Retention retention = transport.map(Transport::retention).orElse(Retention.DEFAULT);
        log(p, retention);
        snapshots(p, retention);
        requests(p);
        // By default a pause of 60 s (a suspended laptop, a stopped container) closes the server for good.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(1, TimeUnit.DAYS));
        if (transport.isPresent()) {
            cluster(p, transport.get());
        } else {
            alone(p);
        }
        return p;
    }

    private static void alone(RaftProperties p) {
        // A group of one has nobody to talk to: no port is opened that would have to be guarded.
        RaftConfigKeys.Rpc.setType(p, new NoPeersRpc());
        // 150 to 300 ms are too tight for small machines, where a collection or a slow sync lasts longer.
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        // A node alone has no vote to wait for and leads at once after a start.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, TimeDuration.valueOf(1, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, TimeDuration.valueOf(5, TimeUnit.MILLISECONDS));
    }

    private static void cluster(RaftProperties p, Transport transport) {
        RaftConfigKeys.Rpc.setType(p, SupportedRpcType.GRPC);
        // The default listens on every address.
        GrpcConfigKeys.Server.setHost(p, transport.listenHost());
        GrpcConfigKeys.Server.setPort(p, transport.listenPort());
        // One entry of a snapshot or of the log and its frame; the default of 64 MB is what a hostile peer could ask
        // for.
        GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf(GRPC_MESSAGE_BYTES));
        // Files of a snapshot go in pieces; the default of 16 MB lies on the heap of both sides.
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(1L << 20));
        // A new leader stands within 3 s: nobody is called dead for a collection or a slow sync of 0.8 s, and the vote
        // itself takes some 50 ms.
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, TimeDuration.valueOf(800, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, TimeDuration.valueOf(1_400, TimeUnit.MILLISECONDS));
        // A member that starts waits this long for a leader to call before it asks for votes.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, TimeDuration.valueOf(300, TimeUnit.MILLISECONDS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, TimeDuration.valueOf(700, TimeUnit.MILLISECONDS));
        // The default is true too; all rests on it that a member back from a partition does not depose the leader.
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        // A leader cut off from the others says so to its clients when they may have elected another, and not after 10
        // s.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                p, TimeDuration.valueOf(1_500, TimeUnit.MILLISECONDS));
        // The default of 8 is one round trip's worth on one machine; more hide the time to another town.
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(p, 32);
        // The default of 1 s per piece is short for a small machine that syncs.
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, TimeDuration.valueOf(3, TimeUnit.SECONDS));
    }

    private static void storage(RaftProperties p, Path directory) {
        // The defaults of both lie in the machine's temporary directory.
        File log = directory.resolve("log").toFile();
        RaftServerConfigKeys.setStorageDir(p, List.of(log));
        RaftServerConfigKeys.setRemovedGroupsDir(p, directory.resolve("removed").toFile());
        RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.valueOf(FREE_SPACE_MIN_BYTES));
    }

    private static void log(RaftProperties p, Retention retention) {
        // On, each commit would append and sync a second entry that only tells the commit index.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        // True would acknowledge what is not on disk. False is the default; it is written down because all rests on it.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
        // Entries stay below 1 MiB; the write buffer is direct memory per group and must hold one entry and its frame.
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES + 64L * 1024));
        // Small machines: less space taken in advance, less log kept on the heap.
        RaftServerConfigKeys.Log.setPreallocatedSize(
                p, SizeInBytes.valueOf(Math.min(4L << 20, retention.segmentBytes())));
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(retention.segmentBytes()));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(16L << 20));
        // Once a snapshot covers an entry the log is not its only home any more; without this the log grows for ever.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
        // So that a member that was away briefly needs no snapshot; the default keeps none.
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, retention.keptEntries());
        // The default of 1,024 would hold back what a small setting asks for.
        RaftServerConfigKeys.Log.setPurgeGap(p, (int) Math.max(1, Math.min(1_024, retention.snapshotEntries() / 2)));
        // The default waits 1 ms before each append to a follower.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
    }

    private static void snapshots(RaftProperties p, Retention retention) {
        // Off by default: no snapshot, no purge.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, retention.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    }

    private static void requests(RaftProperties p) {
        // No read goes through Ratis, see Barrier. Should one ever, it must not be older than an acknowledged write,
        // whatever the clocks say.
        RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, false);
        // Only this process submits to its own server, and never the same request twice: what clients send again is
        // known by what it says (transaction id; gateway, epoch and sequence). Replies need not be remembered for a
        // minute.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
        // What waits for its commit is bounded in bytes, not only in number.
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf(16L << 20));
    }
}
