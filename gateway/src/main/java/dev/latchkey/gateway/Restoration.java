package dev.latchkey.gateway;

import dev.latchkey.gateway.inbox.InboxNumbers;
import dev.latchkey.gateway.job.StoreCopy;
import dev.latchkey.gateway.outbox.StoreEpoch;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.witness.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway does when it is started on a copy of its store, which every copy says of itself, or on one that was
 * damaged: nothing that was counted, promised or given a number in what is missing is done differently a second time. Stateless.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private Restoration() {}

    /** Before anything else reads the store. A crash within it has the next start do it again, which does no harm. */
    static void settle(Store store, Clock clock) throws IOException {
        Path mark = store.directory().resolve(StoreCopy.MARK);
        boolean damaged = !store.damage().isEmpty();
        boolean copy = Files.exists(mark);
        if (!copy && !damaged) {
            return;
        }
        store.submit(draft -> {
                    StoreEpoch.forgetAll(draft);
                    InboxNumbers.skip(draft);
                    Witness.restored(draft, clock);
                    return null;
                })
                .join();
        Files.deleteIfExists(mark);
        store.damageSettled();
        LOG.atWarn()
                .addKeyValue("why", copy ? "it is a copy" : "it was damaged")
                .log("this store has a new epoch, and cosigns only what is newer than this start");
    }
}
