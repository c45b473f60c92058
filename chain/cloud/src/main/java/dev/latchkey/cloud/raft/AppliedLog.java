package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' state machine over a {@link GroupMachine}. Called by the group's updater thread.
 *
 * <p>The machine's store is the snapshot: it carries the position of its last entry. What Ratis is told of it stays at
 * the position last synced, never at the moving end, because the log is purged up to what is told. In a cluster each
 * snapshot is also a copy of the store, in files that Ratis sends to members which need it.
 */
final class AppliedLog extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedLog.class);

    private final GroupMachine machine;
    private final FatalFault fatal;
    private final boolean shipping;
    private final long snapshotBytes;
    /** Asks for a snapshot; set before the group starts. */
    private volatile Runnable due = () -> {};
    /** Of entries since the last snapshot; for the updater. */
    private long bytes;

    /** Who waits for an entry, by its index; guarded by itself. */
    private final SortedMap<Long, List<CompletableFuture<Void>>> waits = new TreeMap<>();

    private volatile SnapshotFiles snapshots;
    private volatile boolean born;

    /**
     * A state machine.
     *
     * @param shipping whether snapshots are kept as files for other members
     * @param snapshotBytes a snapshot is due behind entries of so many bytes, if there was none since
     * @param born whether the store may depend on the log, see {@link #born()}
     */
    AppliedLog(GroupMachine machine, FatalFault fatal, boolean shipping, long snapshotBytes, boolean born) {
        this.machine = machine;
        this.fatal = fatal;
        this.shipping = shipping;
        this.snapshotBytes = snapshotBytes;
        this.born = born;
    }

    /** What to do when a snapshot is due; must not block. */
    void onDue(Runnable action) {
        due = action;
    }

    /** The group led once, and that is on disk: from now on the store may depend on the log. */
    void born() {
        born = true;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            snapshots = new SnapshotFiles(
                                    storage.getStorageDir().getStateMachineDir().toPath(), shipping);
                            load();
                        },
                        IOException.class);
    }

    /** A snapshot of another member was received in full and lies where snapshots are kept. */
    @Override
    public void reinitialize() throws IOException {
        try {
            load();
        } catch (IOException | RuntimeException e) {
            LOG.error("a snapshot could not be taken over");
            fatal.stop(e);
            throw e;
        }
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    private void load() throws IOException {
        var received = snapshots.received(machine.applied().index());
        if (received.isPresent()) {
            machine.replaceBy(received.get());
            born = true;
        }
        LogPosition applied = machine.applied();
        if (applied.index() >= 0) {
            machine.sync(applied);
            setLastAppliedTermIndex(TermIndex.valueOf(applied.term(), applied.index()));
            release(applied.index());
            snapshots.take(machine, applied);
        }
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        SnapshotFiles files = snapshots;
        return files == null ? null : files.latest();
    }

    /** Nothing is read through the log: whoever asks wants the others to hear from its leader. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        LogPosition at = new LogPosition(entry.getTerm(), entry.getIndex());
        try {
            Bytes content =
                    Bytes.wrap(entry.getStateMachineLogEntry().getLogData().toByteArray());
            // an empty one marks a moment, see Barrier, and changes nothing
            Bytes reply = content.size() == 0 ? Bytes.EMPTY : machine.apply(at, content);
            updateLastAppliedTermIndex(at.term(), at.index());
            release(at.index());
            count(content.size());
            return CompletableFuture.completedFuture(Message.valueOf(ByteString.copyFrom(reply.toArray())));
        } catch (RuntimeException e) {
            LOG.error("an entry could not be applied; the state is unknown");
            fatal.stop(e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private void count(int entryBytes) {
        bytes += entryBytes;
        if (bytes >= snapshotBytes) {
            bytes = 0;
            due.run();
        }
    }

    /** Completes on the updater when the entry of an index is applied. */
    CompletableFuture<Void> applied(long index) {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        synchronized (waits) {
            TermIndex at = getLastAppliedTermIndex();
            if (at == null || at.getIndex() < index) {
                waits.computeIfAbsent(index, unused -> new ArrayList<>()).add(wait);
                return wait;
            }
        }
        wait.complete(null);
        return wait;
    }

    private void release(long index) {
        List<CompletableFuture<Void>> reached = new ArrayList<>();
        synchronized (waits) {
            SortedMap<Long, List<CompletableFuture<Void>>> passed = waits.headMap(index + 1);
            passed.values().forEach(reached::addAll);
            passed.clear();
        }
        reached.forEach(wait -> wait.complete(null));
    }

    @Override
    public long takeSnapshot() {
        TermIndex at = getLastAppliedTermIndex();
        if (!born || at == null || at.getIndex() < 0) {
            return -1;
        }
        LogPosition position = new LogPosition(at.getTerm(), at.getIndex());
        try {
            machine.sync(position);
            snapshots.take(machine, position);
            bytes = 0;
        } catch (IOException | RuntimeException e) {
            LOG.error("the store could not be synced");
            fatal.stop(e);
            throw new IllegalStateException(e);
        }
        return at.getIndex();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        LOG.error("the log could not be written");
        fatal.stop(cause);
    }
}
