package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Header;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import java.util.ArrayList;
import java.util.List;

/**
 * A last block that no ledger made, with everything around it as it should be: links, roots over what it holds, and a
 * checkpoint of it by the real replicas. Only what the test plants is wrong.
 */
final class Forgery {
    final MixedChain chain;
    final List<Bytes> blocks; // before the forged one
    List<Bytes> transactions;
    Digest directoryRoot;
    Digest historyRoot;
    Digest merkleRoot; // null: the right one
    long timeMillis;

    /** Begins as a block over these transactions that follows from those blocks. */
    Forgery(MixedChain chain, List<Bytes> blocks, List<Bytes> transactions, Digest directoryRoot) throws Exception {
        this.chain = chain;
        this.blocks = List.copyOf(blocks);
        this.transactions = transactions;
        this.directoryRoot = directoryRoot;
        this.historyRoot = history().root(blocks.size());
        this.timeMillis = parent().timeMillis();
    }

    private HistoryTree history() throws Exception {
        HistoryTree tree = new HistoryTree();
        for (Bytes block : blocks) {
            tree.append(Rfc9162.leafHash(Block.decode(block).header()));
        }
        return tree;
    }

    Header parent() throws Exception {
        return Header.decode(Block.decode(blocks.get(blocks.size() - 1)).header());
    }

    /** The export of the chain with the forged block at its end. */
    ExportBytes export(Bytes originalHeader) throws Exception {
        long height = blocks.size();
        List<Bytes> sealed = new ArrayList<>();
        sealed.add(Cbor.encode(Cbor.array(
                Cbor.uint(0), Cbor.uint(height), Cbor.bytes(directoryRoot.bytes()), Cbor.bytes(historyRoot.bytes()))));
        sealed.addAll(transactions);
        Digest root = merkleRoot != null ? merkleRoot : new Block(Bytes.EMPTY, sealed).merkleRoot();
        Digest previous = Block.decode(blocks.get(blocks.size() - 1)).hash();
        Bytes header = new Header(1, previous, root, timeMillis, 0, Bytes.fromHex("0000000000000000")).encode();
        HistoryTree history = history();
        history.append(Rfc9162.leafHash(header));
        Checkpoint head = new Checkpoint(
                chain.chain,
                height,
                Digest.sha256(header),
                history.root(height + 1),
                directoryRoot,
                chain.state.policy().number(),
                timeMillis);
        List<Bytes> all = new ArrayList<>(blocks);
        all.add(new Block(header, sealed).encode());
        return new ExportBytes(ExportBytes.headerFor(originalHeader, height), all, chain.signed(head));
    }

    /** The items of an export, to be put together otherwise. */
    record ExportBytes(Bytes header, List<Bytes> blocks, Bytes checkpoint) {
        ExportBytes {
            blocks = List.copyOf(blocks);
        }

        static ExportBytes read(Bytes file) throws Exception {
            List<Item> items = Cbor.decodeSequence(file, 64 << 20);
            List<Bytes> blocks = new ArrayList<>();
            for (Item item : items.subList(1, items.size() - 1)) {
                blocks.add(item.asBytes());
            }
            return new ExportBytes(
                    Cbor.encode(items.get(0)),
                    blocks,
                    items.get(items.size() - 1).asBytes());
        }

        static Bytes headerFor(Bytes header, long height) throws Exception {
            List<Item> parts = new ArrayList<>(Cbor.decode(header, 256).asArray());
            parts.set(5, Cbor.uint(height));
            return Cbor.encode(Cbor.array(parts));
        }

        ExportBytes with(List<Bytes> other) {
            return new ExportBytes(header, other, checkpoint);
        }

        Bytes encode() {
            List<Bytes> parts = new ArrayList<>();
            parts.add(header);
            blocks.forEach(block -> parts.add(Cbor.encode(Cbor.bytes(block))));
            parts.add(Cbor.encode(Cbor.bytes(checkpoint)));
            return Bytes.concat(parts.toArray(Bytes[]::new));
        }
    }
}
