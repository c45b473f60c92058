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
 * What a gateway does when it is started on a copy of its store, which every copy says of itself: nothing that the
 * original counted, promised or gave a number after the copy was made is done differently a second time. Stateless.
 */
final class Restoration {
    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private Restoration() {}

    /** Before anything else reads the store. A crash within it has the next start do it again, which does no harm. */
    static void settle(Store store, Clock clock) throws IOException {
        Path mark = store.directory().resolve(StoreCopy.MARK);
        if (!Files.exists(mark)) {
            return;
        }
        store.submit(draft -> {
                    StoreEpoch.forgetAll(draft);
                    InboxNumbers.skip(draft);
                    Witness.restored(draft, clock);
                    return null;
                })
                .join();
        Files.delete(mark);
        LOG.warn("this store is a copy: it has a new epoch, and cosigns only what is newer than this start");
    }
}
