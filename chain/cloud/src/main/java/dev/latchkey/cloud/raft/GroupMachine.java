package dev.latchkey.cloud.raft;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Path;

/**
 * What one Raft group does with the entries its log has committed. All methods are called by one thread, the group's
 * updater, except {@link #applied()}, {@link #sync} and {@link #replaceBy}, which are also called while the group starts.
 */
public interface GroupMachine {
    /** The position of the last entry whose effect is in the store, as read when the store was opened. */
    LogPosition applied();

    /**
     * Applies one committed entry. The effect and {@code at} go into the store in one atomic batch that need not be
     * synced: until {@link #sync} returned, the log can give the entry again.
     *
     * <p>The result is a function of the store's state and of the entry. A business refusal is part of the reply; an
     * exception means that the state is no longer known and stops the node.
     *
     * @return the reply to whoever submitted the entry
     */
    Bytes apply(LogPosition at, Bytes entry);

    /**
     * Makes everything applied so far, and {@code at} itself, survive a power failure. After this returned the log may
     * forget all entries up to {@code at}.
     */
    void sync(LogPosition at);

    /**
     * Makes a copy of the store, as it stands after {@link #sync} and before the next entry, in a directory that does not
     * exist yet. Other members that fell behind the log's beginning are sent its files.
     */
    void copyTo(Path directory);

    /**
     * Puts a copy that another member's machine made in the place of all that this one holds. When this returns {@link
     * #applied()} says the copy's position, and the copy's directory is gone.
     */
    void replaceBy(Path directory);
}
