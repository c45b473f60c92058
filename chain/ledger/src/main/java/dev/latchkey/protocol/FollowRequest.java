package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * A gateway asks to follow the mailboxes of the members it serves: {@code [+ [owner, after, bstr ticket]]}.
 *
 * @param cursors at least one
 */
public record FollowRequest(List<Cursor> cursors) {
    /** Most mailboxes of one stream. */
    public static final int MAX_CURSORS = 4_096;

    /** Longest encoded request in bytes. */
    public static final int MAX_BYTES = MAX_CURSORS * (ServeTicket.MAX_BYTES + 64);

    /**
     * Where to begin in one mailbox.
     *
     * @param owner the member's name
     * @param after the last sequence the gateway has
     * @param ticket the member's serve ticket for this gateway
     */
    public record Cursor(String owner, long after, Bytes ticket) {}

    public FollowRequest {
        cursors = List.copyOf(cursors);
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Cursor cursor : cursors) {
            items.add(Cbor.array(Cbor.text(cursor.owner()), Cbor.uint(cursor.after()), Cbor.bytes(cursor.ticket())));
        }
        return Cbor.encode(Cbor.array(items));
    }

    public static FollowRequest decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Cursor> cursors = new ArrayList<>();
            for (Item item : Cbor.decode(encoded, MAX_BYTES).asArray(1, MAX_CURSORS)) {
                List<Item> parts = item.asArray(3);
                cursors.add(new Cursor(
                        Wire.name(parts.get(0)),
                        parts.get(1).asUint(),
                        parts.get(2).asBytes(1, ServeTicket.MAX_BYTES)));
            }
            return new FollowRequest(cursors);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a follow request", e);
        }
    }
}
