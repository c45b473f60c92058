package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.MalformedBlockException;
import java.util.List;

/** What an entry of the chains' group asks for. On the wire {@code [kind, bstr, ? uint]}. */
sealed interface ChainCommand {
    /** Begins a chain: {@code [1, genesis transaction]}. */
    record Begin(Bytes genesis) implements ChainCommand {}

    /** Extends a chain: {@code [2, entry]}. */
    record Extend(Entry entry) implements ChainCommand {}

    /** Gives a chain its place in another group than the one that keeps the map: {@code [3, genesis transaction, group]}. */
    record Place(Bytes genesis, int group) implements ChainCommand {}

    /** The bytes of a command that begins a chain. */
    static Bytes begin(Bytes genesis) {
        return Cbor.encode(Cbor.array(Cbor.uint(1), Cbor.bytes(genesis)));
    }

    /** The bytes of a command that extends a chain. */
    static Bytes extend(Entry entry) {
        return Cbor.encode(Cbor.array(Cbor.uint(2), Cbor.bytes(entry.encode())));
    }

    /** The bytes of a command that gives a chain its place. */
    static Bytes place(Bytes genesis, int group) {
        return Cbor.encode(Cbor.array(Cbor.uint(3), Cbor.bytes(genesis), Cbor.uint(group)));
    }

    /** Reads a command of this node's own log. */
    static ChainCommand decode(Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, RaftNode.MAX_ENTRY_BYTES).asArray(2, 3);
            long kind = parts.get(0).asUint();
            Bytes content = parts.get(1).asBytes();
            if (kind == 3 && parts.size() == 3) {
                return new Place(content, parts.get(2).asUint(Integer.MAX_VALUE));
            }
            if (parts.size() != 2) {
                throw new IllegalStateException("the log holds what is no command");
            }
            if (kind == 1) {
                return new Begin(content);
            }
            if (kind == 2) {
                return new Extend(Entry.decode(content));
            }
            throw new IllegalStateException("the log holds a command of a newer version");
        } catch (MalformedCborException | MalformedBlockException e) {
            throw new IllegalStateException("the log holds what is no command", e);
        }
    }
}
