package dev.latchkey.gateway.inbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of the messages of all inboxes. Stateless. */
public final class InboxNumbers {
    private InboxNumbers() {}

    /**
     * A copy of the store has taken its place: members have read messages under numbers that it does not know of, and
     * those must not be given again. Before the inbox is opened.
     */
    public static void skip(Draft draft) {
        Map<Bytes, Counters> all = new LinkedHashMap<>();
        draft.scan(Table.INBOX_COUNTERS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            all.put(key, Counters.decode(value));
            return true;
        });
        all.forEach((member, counters) ->
                draft.put(Table.INBOX_COUNTERS, member, counters.restored().encode()));
    }
}
