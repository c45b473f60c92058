package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Positions;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cloud.store.StoreFault;
import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.host.StateFile;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Where the blocks lie, and every version of every record. Thread-safe. Families: {@code blocks}, chain id and height to
 * block; {@code records}, chain id, SHA-256 of the name, height and sequence to record; {@code meta}, the log position, and chain id
 * to newest checkpoint and to the newest block's head; in the store of the first group also chain id to the place that a chain has in another one.
 */
public final class ChainStore implements StoredChains, AutoCloseable {
    private static final StoreFormat FORMAT = new StoreFormat("latchkey-chains", 2);
    private static final String BLOCKS = "blocks";
    private static final String RECORDS = "records";
    private static final String META = "meta";
    private static final Bytes CHECKPOINT = Bytes.utf8("checkpoint/");
    private static final Bytes HEAD = Bytes.utf8("head/");
    private static final Bytes PLACE = Bytes.utf8("place/");
    private static final Bytes PLACE_END = Bytes.utf8("place0");
    private static final String STATES = "states";

    private final Store store;
    private final Path states;

    private ChainStore(Store store, Path states) {
        this.store = store;
        this.states = states;
    }

    /** Opens or makes the store in a directory of its own. */
    public static ChainStore open(Path directory) throws IOException {
        return new ChainStore(Store.open(directory, FORMAT, List.of(BLOCKS, RECORDS, META)), directory.resolve(STATES));
    }

    /**
     * Opens the store of a stopped node to read it; nothing in the directory is changed, and no node can start on it
     * meanwhile.
     *
     * @throws dev.latchkey.cloud.store.StoreFault if there is no such store or a node runs on it
     */
    public static ChainStore openForReading(Path directory) throws IOException {
        return new ChainStore(
                Store.openForReading(directory, FORMAT, List.of(BLOCKS, RECORDS, META)), directory.resolve(STATES));
    }

    /** A copy of the store as it stands now, in a directory of its own. */
    public ChainStore copy(Path directory) throws IOException {
        return new ChainStore(store.copy(directory, FORMAT), directory.resolve(STATES));
    }

    /** Index of the last entry of the log whose effect is here, -1 before the first. */
    public long index() {
        return position().index();
    }

    LogPosition position() {
        return Positions.read(store, META);
    }

    /** Writes a block, the head that it makes, the records it changed, and the log position, together. */
    void write(LogPosition at, Checkpoint head, Bytes block, List<MemberRecord> changed) {
        ChainId chain = head.chain();
        Batch batch = new Batch()
                .put(BLOCKS, blockKey(chain, head.height()), block)
                .put(META, Bytes.concat(HEAD, chain.bytes()), head.encode());
        for (MemberRecord record : changed) {
            batch.put(RECORDS, recordKey(chain, record.name(), record.height(), record.sequence()), record.encode());
        }
        store.write(Positions.put(batch, META, at));
    }

    /** Writes the log position of an entry that made no block. */
    void write(LogPosition at) {
        store.write(Positions.put(new Batch(), META, at));
    }

    /** Writes the place of a chain in another group, and the log position, together. */
    void write(LogPosition at, PlacedChain place) {
        Bytes row = Bytes.concat(Keys.number(place.group()), place.genesis());
        Batch batch = new Batch().put(META, Bytes.concat(PLACE, place.id().bytes()), row);
        store.write(Positions.put(batch, META, at));
    }

    /** Whether a chain began in this store, or has its place in another one by it. */
    boolean knows(ChainId chain) {
        return block(chain, 0).isPresent() || store.contains(META, Bytes.concat(PLACE, chain.bytes()));
    }

    /** The places of chains in other groups. */
    public List<PlacedChain> places() {
        List<PlacedChain> found = new ArrayList<>();
        store.scan(
                META,
                PLACE,
                PLACE_END,
                (key, row) ->
                        found.add(PlacedChain.of((int) Keys.numberAt(row, 0), row.slice(Long.BYTES, row.size()))));
        return found;
    }

    void sync() {
        store.sync();
    }

    void copyTo(Path directory) {
        store.copyTo(directory);
    }

    void replaceBy(Path directory) {
        store.replaceBy(directory);
    }

    /**
     * The head that the newest block of a chain made when it was written; none in a store of an earlier version.
     *
     * @throws StoreFault if it is damaged
     */
    Optional<Checkpoint> head(ChainId chain) {
        Optional<Bytes> row = store.get(META, Bytes.concat(HEAD, chain.bytes()));
        try {
            return row.isEmpty() ? Optional.empty() : Optional.of(Checkpoint.decode(row.get()));
        } catch (MalformedCheckpointException e) {
            throw new StoreFault("the head of chain " + chain + " in " + name(META) + " is damaged: " + e.getMessage());
        }
    }

    /** How alarms name where the blocks lie: the store's directory and the family. */
    String blocksName() {
        return name(BLOCKS);
    }

    /** The same for the records. */
    String recordsName() {
        return name(RECORDS);
    }

    private String name(String family) {
        return states.getParent().getFileName() + "/" + family;
    }

    /** Keeps the newest checkpoint that this node signed, for who reads the store while the node does not run. */
    void keepCheckpoint(ChainId chain, Bytes checkpoint) {
        store.write(new Batch().put(META, checkpointKey(chain), checkpoint));
    }

    /** The newest checkpoint that was signed and kept. */
    public Optional<Bytes> checkpoint(ChainId chain) {
        return store.get(META, checkpointKey(chain));
    }

    /** Where the state of a chain lies, beside the store; may be lost. */
    StateFile stateFile(ChainId chain) {
        return new StateFile(states, chain);
    }

    /** Height of the newest block of a chain that is there. */
    public long lastHeight(ChainId chain) {
        return store.floor(BLOCKS, blockKey(chain, 0), blockKey(chain, Long.MAX_VALUE))
                .map(row -> Keys.lastNumber(row.key()))
                .orElseThrow(() -> new IllegalArgumentException("no such chain"));
    }

    /** The chains of which there is a block 0. */
    public List<ChainId> chains() {
        List<ChainId> found = new ArrayList<>();
        Bytes from = Bytes.EMPTY;
        Optional<Bytes> key = firstBlockKey(from);
        while (key.isPresent()) {
            Bytes chain = key.get().slice(0, Digest.SIZE);
            found.add(new ChainId(Digest.of(chain)));
            from = Bytes.concat(chain, Keys.number(Long.MAX_VALUE));
            key = firstBlockKey(from);
        }
        return found;
    }

    private Optional<Bytes> firstBlockKey(Bytes from) {
        List<Bytes> first = new ArrayList<>();
        store.scan(BLOCKS, from, Keys.end(Digest.SIZE + Long.BYTES), (key, value) -> {
            first.add(key);
            return false;
        });
        return first.stream().findFirst();
    }

    @Override
    public Optional<Bytes> block(ChainId chain, long height) {
        return store.get(BLOCKS, blockKey(chain, height));
    }

    @Override
    public void blocks(ChainId chain, long from, long to, BiPredicate<Long, Bytes> visitor) {
        Bytes until = blockKey(chain, to + 1);
        store.scan(BLOCKS, blockKey(chain, from), until, (key, block) -> visitor.test(Keys.lastNumber(key), block));
    }

    @Override
    public Optional<MemberRecord> recordAt(ChainId chain, String name, long height) {
        return recordUpTo(chain, name, height, Long.MAX_VALUE);
    }

    private Optional<MemberRecord> recordUpTo(ChainId chain, String name, long height, long sequence) {
        return store.floor(RECORDS, recordKey(chain, name, 0, 0), recordKey(chain, name, height, sequence))
                .map(row -> ownRecord(row.value()));
    }

    @Override
    public List<Bytes> recordsBefore(ChainId chain, MemberRecord newest, int limit) {
        List<Bytes> found = new ArrayList<>();
        MemberRecord later = newest;
        while (found.size() < limit) {
            Optional<Digest> named = later.previous();
            Optional<MemberRecord> earlier = recordUpTo(chain, later.name(), later.height(), later.sequence() - 1)
                    .filter(record -> named.equals(Optional.of(record.hash())));
            if (earlier.isEmpty()) {
                return found; // the first here; who came from another chain has records there
            }
            later = earlier.get();
            found.add(later.encode());
        }
        return found;
    }

    /** A version of a record as it lies in the store: digest of the name, height of its block, key and value; not decoded. */
    record RecordRow(Digest name, long height, Bytes key, Bytes value) {}

    /** The versions of the first name after one, or of the first name, that are not of a later block; oldest first. */
    List<RecordRow> recordsAfter(ChainId chain, Optional<Digest> after, long height, int limit) {
        List<RecordRow> found = new ArrayList<>();
        Bytes from = after.map(name -> Bytes.concat(chain.bytes(), name.bytes(), Keys.end(2 * Long.BYTES)))
                .orElse(chain.bytes());
        Bytes until = Bytes.concat(chain.bytes(), Keys.end(Digest.SIZE + 2 * Long.BYTES));
        store.scan(RECORDS, from, until, (key, value) -> {
            Digest name = Digest.of(key.slice(Digest.SIZE, 2 * Digest.SIZE));
            if (!found.isEmpty() && !found.get(0).name().equals(name)) {
                return false;
            }
            long written = Keys.numberAt(key, 2 * Digest.SIZE);
            if (written <= height) {
                found.add(new RecordRow(name, written, key, value));
            }
            return found.size() < limit;
        });
        return found;
    }

    boolean isKeyOf(RecordRow row, ChainId chain, MemberRecord record) {
        return row.key().equals(recordKey(chain, record.name(), record.height(), record.sequence()));
    }

    static MemberRecord ownRecord(Bytes value) {
        try {
            return MemberRecord.decode(value);
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("this node wrote the record itself", e);
        }
    }

    private static Bytes checkpointKey(ChainId chain) {
        return Bytes.concat(CHECKPOINT, chain.bytes());
    }

    private static Bytes blockKey(ChainId chain, long height) {
        return Bytes.concat(chain.bytes(), Keys.number(height));
    }

    private static Bytes recordKey(ChainId chain, String name, long height, long sequence) {
        return Bytes.concat(
                chain.bytes(), Digest.sha256(Bytes.utf8(name)).bytes(), Keys.number(height), Keys.number(sequence));
    }

    @Override
    public void close() {
        store.close();
    }
}
