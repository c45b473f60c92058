package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.ChainsRestore;
import dev.latchkey.cloud.mailbox.MailboxRestore;
import dev.latchkey.cloud.mailbox.MailboxStore;
import dev.latchkey.cloud.raft.GroupBirths;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * An archive becomes the data of a node: every block is verified in full, with every root and signature, and every
 * checkpoint against the history that it is of. For one thread. The directory is a draft until all of it is done.
 */
public final class Restore implements AutoCloseable {
    /** Longest name of a group in characters. */
    private static final int MAX_NAME = 64;

    private final Path data;
    private final ArchiveReader archive;
    private final BlockVerifier blocks;
    private final Replay replay;
    private final List<ChainsRestore> groups = new ArrayList<>();
    private final Set<String> begun = new HashSet<>();
    private ChainsRestore group;
    private MailboxRestore mailboxes;
    private long messages;

    /**
     * A restore into a directory that is empty.
     *
     * @throws DamagedArchiveException if that is no backup
     */
    public Restore(Path data, InputStream archive, EcVerifier signatures, BlockVerifier blocks)
            throws IOException, DamagedArchiveException {
        this.data = data;
        this.archive = new ArchiveReader(archive);
        this.blocks = blocks;
        this.replay = new Replay(signatures);
    }

    /**
     * Reads all of the archive.
     *
     * @param bytes told how many bytes were read, again and again
     */
    public void read(LongConsumer bytes) throws IOException, DamagedArchiveException {
        long told = 0;
        for (Optional<Item> item = archive.next(); item.isPresent(); item = archive.next()) {
            switch (archive.kind(item.get())) {
                case Kind.GROUP -> begin(archive.parts(item.get(), 3));
                case Kind.PLACE -> place(archive.parts(item.get(), 3));
                case Kind.CHAIN -> chain(archive.parts(item.get(), 4));
                case Kind.ROW -> row(archive.parts(item.get(), 4));
                default -> throw archive.damaged("a block stands where none should");
            }
            bytes.accept(archive.bytes() - told);
            told = archive.bytes();
        }
        bytes.accept(archive.bytes() - told);
        endMailboxes();
        for (String name : groups()) {
            if (!begun.contains(name)) {
                throw new DamagedArchiveException("the backup is damaged: the group " + name + " is missing");
            }
        }
    }

    private void begin(List<Item> parts) throws IOException, DamagedArchiveException {
        try {
            endMailboxes();
            String name = parts.get(1).asText(MAX_NAME);
            // before the first entry is after a snapshot of nothing: whoever joins later must be sent the store
            long index = Math.max(0, parts.get(2).asUint() - 1);
            LogPosition at = new LogPosition(0, index);
            archive.at("the group " + name);
            if (!begun.add(name)) {
                throw archive.damaged("the group " + name + " comes twice");
            }
            if (archive.header().chains().contains(name)) {
                group = ChainsRestore.open(data.resolve(name), at, blocks);
                groups.add(group);
            } else if (archive.header().mailboxes().contains(name)) {
                group = null;
                mailboxes = MailboxRestore.open(data.resolve(name), at);
            } else {
                throw archive.damaged("its beginning does not name the group " + name);
            }
            GroupBirths.restored(data.resolve("raft"), name);
        } catch (MalformedCborException e) {
            throw archive.damaged("a group is malformed");
        }
    }

    private void endMailboxes() throws DamagedArchiveException {
        if (mailboxes != null) {
            try (MailboxRestore ending = mailboxes) {
                messages += ending.finish();
            } catch (IllegalArgumentException e) {
                throw archive.damaged(e.getMessage());
            } finally {
                mailboxes = null;
            }
        }
    }

    private void place(List<Item> parts) throws DamagedArchiveException {
        try {
            chains().place(
                            parts.get(1).asUint(archive.header().chains().size() - 1),
                            parts.get(2).asBytes());
        } catch (MalformedCborException | IllegalArgumentException e) {
            throw archive.damaged("the place of a chain is malformed or not signed");
        }
    }

    private void row(List<Item> parts) throws DamagedArchiveException {
        if (mailboxes == null) {
            throw archive.damaged("a row stands outside the mailboxes");
        }
        try {
            mailboxes.take(
                    parts.get(1).asUint(MailboxStore.ARCHIVED.size() - 1),
                    parts.get(2).asBytes(),
                    parts.get(3).asBytes());
        } catch (MalformedCborException e) {
            throw archive.damaged("a row is malformed");
        } catch (IllegalArgumentException e) {
            throw archive.damaged(e.getMessage());
        }
    }

    private ChainsRestore chains() throws DamagedArchiveException {
        if (group == null) {
            throw archive.damaged("a chain stands outside the groups of chains");
        }
        return group;
    }

    private void chain(List<Item> parts) throws IOException, DamagedArchiveException {
        ChainId id;
        long height;
        Optional<Bytes> checkpoint;
        try {
            id = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            height = parts.get(2).asUint();
            checkpoint = parts.get(3).isNull()
                    ? Optional.empty()
                    : Optional.of(parts.get(3).asBytes(1, SignedCheckpoint.MAX_BYTES));
        } catch (MalformedCborException e) {
            throw archive.damaged("a chain's beginning is malformed");
        }
        if (!replay.begin(id, chains())) {
            throw archive.damaged("a chain comes twice");
        }
        Replay.Checked head = replay.checked(id, checkpoint);
        for (long at = 0; at <= height; at++) {
            archive.at("chain " + id.toHex() + ", height " + at);
            Item block = archive.next().orElseThrow(() -> archive.damaged("a block is missing"));
            try {
                head.take(at, block.asBytes());
            } catch (MalformedCborException e) {
                throw archive.damaged("something else stands where a block should");
            }
        }
        head.finish();
    }

    /** When the backup was begun, by its node's clock, milliseconds since 1970. */
    public long madeMillis() {
        return archive.header().madeMillis();
    }

    /** The groups that the backup has, sorted: a node that takes it has the same. */
    public List<String> groups() {
        return Stream.concat(archive.header().chains().stream(), archive.header().mailboxes().stream())
                .sorted()
                .toList();
    }

    /** Chains that were read, with the height of the last block of each. */
    public Map<ChainId, Long> heights() {
        return replay.heights();
    }

    /** Messages that wait in the mailboxes. */
    public long messages() {
        return messages;
    }

    /**
     * Goes on with the blocks of a source, which must be of one of the chains and of the same history.
     *
     * @return the chain; empty if the source ends below the blocks that are there, and so does not know what follows them
     */
    public Optional<ChainId> beyond(ChainSource source) throws IOException, DamagedArchiveException {
        ChainId chain = source.chain();
        if (!replay.has(chain)) {
            throw new DamagedArchiveException("the backup has no chain " + chain.toHex());
        }
        return replay.take(source, block -> {}) ? Optional.of(chain) : Optional.empty();
    }

    /** What k operators of a chain that was read sign to give up whatever came after its last block. */
    public PartTransaction loss(ChainId chain) {
        return Loss.proposal(replay.head(chain));
    }

    /**
     * Puts the loss that a chain's operators accept behind its last block.
     *
     * @throws DamagedArchiveException if there is no such chain, or they accepted another loss, or it is not signed by as many
     */
    public void accept(PartTransaction loss) throws IOException, DamagedArchiveException {
        ChainId chain = loss.chain();
        if (!replay.has(chain)) {
            throw new DamagedArchiveException("the backup has no chain " + chain.toHex());
        }
        ChainState last = replay.head(chain);
        replay.checked(chain, Optional.empty()).take(last.height() + 1, Loss.block(last, loss));
    }

    /** Makes the guards for a new replica key; then everything is on disk. */
    public void finish() throws IOException {
        for (ChainsRestore each : groups) {
            each.finish(data.resolve("guard"));
        }
    }

    @Override
    public void close() throws IOException {
        groups.forEach(ChainsRestore::close);
        if (mailboxes != null) {
            mailboxes.close();
        }
        archive.close();
    }
}
