package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.Batch;
import java.util.HashMap;
import java.util.Map;

/**
 * The mailboxes and networks that one entry changes: read from the store once, changed here, written at the end. What
 * waits in a mailbox stands on the account of one network, the one of its owner when the last message came. For one
 * thread.
 */
final class Accounts {
    private final MailboxStore store;
    private final Map<Bytes, Box> boxes = new HashMap<>();
    private final Map<Digest, Usage> networks = new HashMap<>();
    private final Map<Bytes, Box> changed = new HashMap<>();

    Accounts(MailboxStore store) {
        this.store = store;
    }

    Box box(Bytes owner) {
        return boxes.computeIfAbsent(owner, store::box);
    }

    Usage mailbox(Bytes owner) {
        return Usage.of(box(owner));
    }

    Usage network(Digest chain) {
        return networks.computeIfAbsent(chain, store::usage);
    }

    /** The mailbox with one message more; all that waits in it goes onto the network's account. */
    Box add(Bytes owner, Digest network, int size) {
        return change(owner, box(owner).of(network).with(size));
    }

    /** Puts another state in a mailbox's place. */
    Box change(Bytes owner, Box after) {
        Box before = box(owner);
        networks.put(before.network(), network(before.network()).minus(Usage.of(before)));
        networks.put(after.network(), network(after.network()).plus(Usage.of(after)));
        boxes.put(owner, after);
        changed.put(owner, after);
        return after;
    }

    void write(Batch batch) {
        changed.forEach((owner, box) -> batch.put(MailboxStore.BOXES, owner, box.encode()));
        networks.forEach((network, usage) -> {
            if (!network.equals(Digest.ZERO)) {
                batch.put(MailboxStore.NETWORKS, network.bytes(), usage.encode());
            }
        });
    }
}
