package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.Words;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads back the pieces that {@link SnapshotWriter} wrote. Nothing is believed before {@link #finish}: directory and
 * history must have the roots in the block's seal, and all pieces together the digest in the last one. That digest finds
 * damage, not malice: who can write the file can also write the rest of the replica's store. For one thread.
 */
public final class SnapshotReader {
    private static final int LENGTH_BYTES = 2;

    private final ChainId chain;
    private final HistoryTree history = new HistoryTree();
    private Digest digest = Digest.ZERO;
    private SnapshotSection section = SnapshotSection.HEAD;
    private boolean begun;
    private long height;
    private Bytes headerBytes = Bytes.EMPTY;
    private Registers registers;
    private OwnerNames names;
    private Bytes lastPath = Bytes.EMPTY;
    private Bytes lastKey = Bytes.EMPTY;

    /** Begins to read the state of a chain. */
    public SnapshotReader(ChainId chain) {
        this.chain = chain;
    }

    /** Takes the next piece. */
    public void accept(Bytes piece) throws MalformedSnapshotException {
        try {
            List<Item> fields =
                    Cbor.decode(piece, SnapshotWriter.MAX_PIECE_BYTES).asArray(2, 8);
            int number = fields.get(0).asUint(SnapshotSection.END.ordinal());
            SnapshotSection next = SnapshotSection.values()[number];
            require(!begun || next.ordinal() >= Math.max(1, section.ordinal()), "pieces out of order");
            require(begun || next == SnapshotSection.HEAD, "a state begins with its head");
            require(section != SnapshotSection.END, "pieces after the end");
            if (next != section) {
                lastKey = Bytes.EMPTY;
            }
            begun = true;
            section = next;
            take(next, fields);
            digest = Digest.sha256(digest.bytes(), piece);
        } catch (MalformedCborException | MalformedTransactionException | IllegalArgumentException e) {
            throw new MalformedSnapshotException("a piece of a stored state is malformed", e);
        }
    }

    /** The height of the state, once its first piece was taken: the block that {@link #finish} asks for. */
    public long height() {
        return height;
    }

    /**
     * The state, if it is the one after this block.
     *
     * @param encoded the block at {@link #height}, which the caller has verified or stored after he had
     */
    public RestoredState finish(Bytes encoded) throws MalformedSnapshotException {
        require(section == SnapshotSection.END, "a stored state has no end");
        try {
            Block block = Block.decode(encoded);
            Header header = Header.decode(block.header());
            Seal seal = Seal.decode(block.transactions().get(0));
            require(block.header().equals(headerBytes) && seal.height() == height, "the state of another block");
            require(header.merkleRoot().equals(block.merkleRoot()), "the block does not fit its header");
            require(seal.directoryRoot().equals(registers.directory().root()), "the directory has another root");
            require(
                    history.size() == height + 1
                            && seal.historyRoot().equals(history.root(height))
                            && history.leafHash(height).equals(Rfc9162.leafHash(headerBytes)),
                    "the history has another root");
            registers.restorePolicy();
            ChainState state = new ChainState(registers, height, header, headerBytes, history.frontier(history.size()));
            return new RestoredState(state, history);
        } catch (MalformedBlockException | MalformedTransactionException e) {
            throw new MalformedSnapshotException("the state of something else", e);
        }
    }

    private void take(SnapshotSection taken, List<Item> fields)
            throws MalformedCborException, MalformedTransactionException, MalformedSnapshotException {
        require(registers != null || taken.ordinal() <= SnapshotSection.WALK.ordinal(), "a state begins with genesis");
        switch (taken) {
            case HEAD -> head(fields);
            case WALK -> walk(only(fields).asBytes(1, SignedTransaction.MAX_BYTES));
            case HISTORY -> history(only(fields).asBytes());
            case DIRECTORY -> directory(fields);
            case KEYS -> keys(fields);
            case APPLIED -> registers.restoreApplied(rows(exactly(fields, 3).get(1), fields.get(2), Words.PER_HASH));
            case COUNTS ->
                registers.restoreCounts(
                        exactly(fields, 4).get(1).asUint(), rows(fields.get(2), fields.get(3), HourlyCounts.ID_WORDS));
            case DUE ->
                registers.restoreDueRecovery(new DueRecovery(
                        exactly(fields, 3).get(1).asUint(), fields.get(2).asText(Names.MAX)));
            case TOMBSTONE -> registers.putTombstone(only(fields).asBytes(MemberRecord.ID_BYTES));
            case STRUCK -> registers.restoreStruck(new KeyId(only(fields).asBytes(KeyId.SIZE)));
            case END -> require(only(fields).asBytes().equals(digest.bytes()), "a stored state is damaged");
        }
    }

    private void head(List<Item> fields) throws MalformedCborException, MalformedSnapshotException {
        require(
                exactly(fields, 6)
                        .get(1)
                        .asText(SnapshotSection.FORMAT.length())
                        .equals(SnapshotSection.FORMAT),
                "not a stored state");
        require(fields.get(2).asUint() == SnapshotSection.VERSION, "a stored state of another version");
        require(fields.get(3).asBytes().equals(chain.bytes()), "the state of another chain");
        height = fields.get(4).asUint();
        headerBytes = fields.get(5).asBytes(1, Header.MAX_BYTES);
        names = new OwnerNames(Words.read(Digest.sha256(headerBytes).bytes().toArray(), 0));
    }

    private void walk(Bytes transaction) throws MalformedTransactionException, MalformedSnapshotException {
        if (registers == null) {
            SignedTransaction signed = SignedTransaction.decode(transaction);
            require(
                    signed.transaction() instanceof Genesis genesis
                            && genesis.chainId().equals(chain),
                    "the genesis of another chain");
            Genesis genesis = (Genesis) signed.transaction();
            registers = new Registers(chain, genesis.network(), genesis.chainName(), genesis.policy());
        }
        registers.restoreWalk(transaction);
    }

    private void history(Bytes hashes) throws MalformedSnapshotException {
        require(!hashes.isEmpty() && hashes.size() % Digest.SIZE == 0, "half a hash");
        require(history.size() + hashes.size() / Digest.SIZE <= height + 1, "a history beyond the state");
        for (int at = 0; at < hashes.size(); at += Digest.SIZE) {
            history.append(Digest.of(hashes.slice(at, at + Digest.SIZE)));
        }
    }

    private void directory(List<Item> fields) throws MalformedCborException, MalformedSnapshotException {
        Bytes paths = exactly(fields, 4).get(1).asBytes();
        byte[] lengths = fields.get(2).asBytes().toArray();
        Bytes values = fields.get(3).asBytes();
        int count = lengths.length / LENGTH_BYTES;
        require(count > 0 && paths.size() == count * Digest.SIZE && lengths.length == count * LENGTH_BYTES, "columns");
        List<Digest> rowPaths = new ArrayList<>(count);
        List<Bytes> rowValues = new ArrayList<>(count);
        int at = 0;
        for (int i = 0; i < count; i++) {
            Bytes path = paths.slice(i * Digest.SIZE, (i + 1) * Digest.SIZE);
            require(path.compareTo(lastPath) > 0, "the paths do not ascend");
            lastPath = path;
            int end = at + (Byte.toUnsignedInt(lengths[2 * i]) << Byte.SIZE | Byte.toUnsignedInt(lengths[2 * i + 1]));
            require(end <= values.size(), "columns of different length");
            rowPaths.add(Digest.of(path));
            rowValues.add(values.slice(at, end));
            at = end;
        }
        require(at == values.size(), "columns of different length");
        registers.restoreDirectory(rowPaths, rowValues);
    }

    private void keys(List<Item> fields) throws MalformedCborException, MalformedSnapshotException {
        long[] kids = Words.of(exactly(fields, 4).get(1).asBytes());
        byte[] lengths = fields.get(2).asBytes().toArray();
        byte[] owners = fields.get(3).asBytes().toArray();
        require(kids.length > 0 && kids.length == lengths.length, "columns of different length");
        ascend(Words.bytes(kids[0]), Words.bytes(kids[kids.length - 1]));
        String[] rowOwners = new String[kids.length];
        int at = 0;
        for (int i = 0; i < kids.length; i++) {
            int length = Byte.toUnsignedInt(lengths[i]);
            require(at + length <= owners.length, "columns of different length");
            rowOwners[i] = names.of(owners, at, length)
                    .orElseThrow(() -> new MalformedSnapshotException("an owner without a name"));
            at += length;
        }
        require(at == owners.length, "columns of different length");
        registers.restoreKeys(kids, rowOwners);
    }

    /** Rows of a key and one word from two columns. */
    private long[] rows(Item keyColumn, Item numberColumn, int keyWords)
            throws MalformedCborException, MalformedSnapshotException {
        long[] keys = Words.of(keyColumn.asBytes());
        long[] numbers = Words.of(numberColumn.asBytes());
        require(numbers.length > 0 && keys.length == numbers.length * keyWords, "columns of different length");
        ascend(
                Words.bytes(Arrays.copyOf(keys, keyWords)),
                Words.bytes(Arrays.copyOfRange(keys, keys.length - keyWords, keys.length)));
        long[] rows = new long[keys.length + numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            require(numbers[i] >= 0, "a number below zero");
            System.arraycopy(keys, i * keyWords, rows, i * (keyWords + 1), keyWords);
            rows[i * (keyWords + 1) + keyWords] = numbers[i];
        }
        return rows;
    }

    /** That within a piece the keys ascend is checked where they go. */
    private void ascend(Bytes first, Bytes last) throws MalformedSnapshotException {
        require(first.compareTo(lastKey) > 0, "the keys do not ascend");
        lastKey = last;
    }

    private static Item only(List<Item> fields) throws MalformedSnapshotException {
        return exactly(fields, 2).get(1);
    }

    private static List<Item> exactly(List<Item> fields, int count) throws MalformedSnapshotException {
        require(fields.size() == count, "a piece of another shape");
        return fields;
    }

    private static void require(boolean good, String otherwise) throws MalformedSnapshotException {
        if (!good) {
            throw new MalformedSnapshotException(otherwise);
        }
    }
}
