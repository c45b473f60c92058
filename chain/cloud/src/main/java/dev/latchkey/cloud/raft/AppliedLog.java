package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' state machine over a {@link GroupMachine}. Called by the group's updater thread.
 *
 * <p>The machine's store is the snapshot: it carries the position of its last entry. What Ratis is told of it stays at
 * the position last synced, never at the moving end, because the log is purged up to what is told.
 */
final class AppliedLog extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedLog.class);

    private final GroupMachine machine;
    private final FatalFault fatal;
    private volatile TermIndex synced;
    private volatile boolean born;

    AppliedLog(GroupMachine machine, FatalFault fatal, boolean born) {
        this.machine = machine;
        this.fatal = fatal;
        this.born = born;
    }

    /** The group led once, and that is on disk: from now on the store may depend on the log. */
    void born() {
        born = true;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        LogPosition applied = machine.applied();
        if (applied.index() >= 0) {
            machine.sync(applied);
            TermIndex at = TermIndex.valueOf(applied.term(), applied.index());
            setLastAppliedTermIndex(at);
            synced = at;
        }
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        TermIndex at = synced;
        return at == null ? null : new FileListSnapshotInfo(List.of(), at);
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        LogPosition at = new LogPosition(entry.getTerm(), entry.getIndex());
        try {
            Bytes reply = machine.apply(
                    at, Bytes.wrap(entry.getStateMachineLogEntry().getLogData().toByteArray()));
            updateLastAppliedTermIndex(at.term(), at.index());
            return CompletableFuture.completedFuture(Message.valueOf(ByteString.copyFrom(reply.toArray())));
        } catch (RuntimeException e) {
            LOG.error("an entry could not be applied; the state is unknown");
            fatal.stop(e);
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public long takeSnapshot() {
        TermIndex at = getLastAppliedTermIndex();
        if (!born || at == null || at.getIndex() < 0) {
            return -1;
        }
        try {
            machine.sync(new LogPosition(at.getTerm(), at.getIndex()));
        } catch (RuntimeException e) {
            LOG.error("the store could not be synced");
            fatal.stop(e);
            throw e;
        }
        synced = at;
        return at.getIndex();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        LOG.error("the log could not be written");
        fatal.stop(cause);
    }
}
