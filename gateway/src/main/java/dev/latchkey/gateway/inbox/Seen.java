package dev.latchkey.gateway.inbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.Key;

/**
 * What is known of a message in a member's inbox.
 *
 * @param u its number there
 * @param cloud whether its place in the cloud's mailbox is known
 */
record Seen(long u, boolean cloud) {
    static Seen decode(Bytes row) {
        return new Seen(Key.lastNumber(row.slice(1, row.size())), row.get(0) == 1);
    }

    Bytes encode() {
        return Key.start().octet(cloud ? 1 : 0).number(u).end();
    }

    Seen inCloud() {
        return new Seen(u, true);
    }
}
