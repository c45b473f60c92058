package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.ChainsRestore;
import dev.latchkey.cloud.mailbox.MailboxRestore;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.raft.GroupBirths;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.ToIntFunction;

/**
 * Exports of chains become the data of a node: every block is verified in full, with every root and signature. Mailboxes
 * are in no export: those of all members are empty, and go on behind whatever their readers have seen. For one thread. The
 * directory is a draft until all of it is done.
 */
public final class Import implements AutoCloseable {
    /** Before the first entry is after a snapshot of nothing: whoever joins later must be sent the store. */
    private static final LogPosition BEGIN = new LogPosition(0, 0);

    /** Sequences of a mailbox in a millisecond, at most; no mailbox ever gets so many. */
    private static final int SEQUENCE_BITS = 10;

    private final Path data;
    private final Replay replay;
    private final List<ChainsRestore> groups = new ArrayList<>();
    private final List<MailboxRestore> mailboxes = new ArrayList<>();

    /**
     * An import into a directory that is empty.
     *
     * @param chainGroups names of the groups that order chains; the first one gets them all
     * @param mailboxGroups names of the groups that keep mailboxes
     */
    public Import(
            Path data,
            List<String> chainGroups,
            List<String> mailboxGroups,
            EcVerifier signatures,
            BlockVerifier blocks)
            throws IOException {
        this.data = data;
        this.replay = new Replay(signatures);
        try {
            for (String group : chainGroups) {
                groups.add(ChainsRestore.open(data.resolve(group), BEGIN, blocks));
                GroupBirths.restored(data.resolve("raft"), group);
            }
            for (String group : mailboxGroups) {
                mailboxes.add(MailboxRestore.open(data.resolve(group), BEGIN));
                GroupBirths.restored(data.resolve("raft"), group);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Takes a chain, whole.
     *
     * @param taken told of each block
     * @throws DamagedArchiveException if it is not, or was taken before; the message says at which height and why
     */
    public void take(ChainSource source, LongConsumer taken) throws IOException, DamagedArchiveException {
        if (!replay.begin(source.chain(), groups.get(0))) {
            throw new DamagedArchiveException("chain " + source.chain().toHex() + " comes twice");
        }
        replay.take(source, taken);
    }

    /** Chains that were taken, with the height of the last block of each. */
    public Map<ChainId, Long> heights() {
        return replay.heights();
    }

    /**
     * Begins the mailboxes and makes the guards for a new replica key; then everything is on disk.
     *
     * @param nowMillis milliseconds since 1970, by which each mailbox goes on behind what it had at any time before
     */
    public void finish(long nowMillis) throws IOException {
        ToIntFunction<Bytes> places = MailboxShards.evenly(mailboxes.size());
        long behind = nowMillis << SEQUENCE_BITS;
        for (ChainId chain : replay.heights().keySet()) {
            groups.get(0)
                    .members(
                            chain,
                            member -> mailboxes.get(places.applyAsInt(member)).begin(member, chain, behind));
        }
        for (MailboxRestore each : mailboxes) {
            each.finish();
        }
        for (ChainsRestore each : groups) {
            each.finish(data.resolve("guard"));
        }
    }

    @Override
    public void close() {
        groups.forEach(ChainsRestore::close);
        mailboxes.forEach(MailboxRestore::close);
    }
}
