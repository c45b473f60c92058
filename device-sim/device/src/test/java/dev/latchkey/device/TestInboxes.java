package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.protocol.InboxEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What waits for members at a test gateway, by member id. Guarded by the gateway. */
final class TestInboxes {
    private static final int PAGE_BYTES = 1_024;

    private final Map<Bytes, List<InboxEntry>> waiting = new HashMap<>();
    private final Map<Bytes, Long> last = new HashMap<>();

    void put(Bytes recipient, String sender, Digest session, int contentFormat, Bytes message) {
        long u = last.merge(recipient, 1L, Long::sum);
        waiting.computeIfAbsent(recipient, id -> new ArrayList<>())
                .add(new InboxEntry(u, sender, session, System.currentTimeMillis(), contentFormat, message));
    }

    Bytes page(Bytes recipient, long after) {
        List<Bytes> page = new ArrayList<>();
        int size = 0;
        for (InboxEntry entry : waiting.getOrDefault(recipient, List.of())) {
            Bytes encoded = entry.encode();
            if (entry.u() > after && (page.isEmpty() || size + encoded.size() <= PAGE_BYTES)) {
                page.add(encoded);
                size += encoded.size();
            }
        }
        return Bytes.concat(page.toArray(Bytes[]::new));
    }

    void drop(Bytes recipient, long upTo) {
        waiting.getOrDefault(recipient, new ArrayList<>()).removeIf(entry -> entry.u() <= upTo);
    }

    /** As after a loss: the numbers go on. */
    void clear() {
        waiting.clear();
    }

    int waiting(Bytes recipient) {
        return waiting.getOrDefault(recipient, List.of()).size();
    }
}
