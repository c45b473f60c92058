package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Positions;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * Where the messages of one mailbox group lie. Thread-safe. Families: {@code boxes}, owner id to {@link Box}; {@code
 * messages}, owner id and sequence to {@link StoredMessage}; {@code contents}, period, owner id, sender id, session and
 * counter to {@link Bodies}; {@code networks}, chain id to {@link Usage}; {@code epochs}, store epoch to {@link
 * Sequences}; {@code tickets}, gateway id and member id to the newest serve ticket; {@code meta}.
 */
public final class MailboxStore implements AutoCloseable {
    static final String BOXES = "boxes";
    static final String MESSAGES = "messages";
    static final String CONTENTS = "contents";
    static final String NETWORKS = "networks";
    static final String EPOCHS = "epochs";
    static final String TICKETS = "tickets";
    static final String META = "meta";

    /** The families that a backup holds, by their numbers there; of {@code meta} only the clock. */
    public static final List<String> ARCHIVED = List.of(BOXES, MESSAGES, CONTENTS, NETWORKS, EPOCHS, TICKETS, META);

    private static final StoreFormat FORMAT = new StoreFormat("latchkey-mailboxes", 2, 2);
    /** No key is longer: period, owner, sender, session, counter. */
    static final int MAX_KEY_BYTES = 256;

    private static final Bytes CLOCK = Bytes.utf8("clock");

    private final Store store;

    private MailboxStore(Store store) {
        this.store = store;
    }

    /** Opens or makes the store in a directory of its own. */
    public static MailboxStore open(Path directory) throws IOException {
        return new MailboxStore(
                Store.open(directory, FORMAT, List.of(BOXES, MESSAGES, CONTENTS, NETWORKS, EPOCHS, TICKETS, META)));
    }

    /** A copy of the store as it stands now, in a directory of its own. */
    public MailboxStore copy(Path directory) throws IOException {
        return new MailboxStore(store.copy(directory, FORMAT));
    }

    /** Index of the last entry of the log whose effect is here, -1 before the first. */
    public long index() {
        return Positions.read(store, META).index();
    }

    /** Visits the rows of a family of {@link #ARCHIVED} behind a key, in order, until the visitor answers false. */
    public void rows(int family, Bytes after, BiPredicate<Bytes, Bytes> visitor) {
        String name = ARCHIVED.get(family);
        store.scan(
                name,
                Bytes.concat(after, Bytes.wrap(new byte[after.isEmpty() ? 0 : 1])),
                Keys.end(MAX_KEY_BYTES),
                (key, value) -> name.equals(META) && !key.equals(CLOCK) || visitor.test(key, value));
    }

    Store rows() {
        return store;
    }

    Box box(Bytes owner) {
        return store.get(BOXES, owner).map(Box::decode).orElse(Box.EMPTY);
    }

    /** Visits every mailbox in the order of the owners' ids. */
    void boxes(BiConsumer<Bytes, Box> visitor) {
        store.scan(BOXES, Bytes.EMPTY, Keys.end(MemberRecord.ID_BYTES), (owner, box) -> {
            visitor.accept(owner, Box.decode(box));
            return true;
        });
    }

    Usage usage(Digest network) {
        return store.get(NETWORKS, network.bytes()).map(Usage::decode).orElse(Usage.NONE);
    }

    /** What waits in all mailboxes. */
    Usage usage() {
        Usage[] sum = {Usage.NONE};
        store.scan(NETWORKS, Bytes.EMPTY, Keys.end(Digest.SIZE), (network, usage) -> {
            sum[0] = sum[0].plus(Usage.decode(usage));
            return true;
        });
        return sum[0];
    }

    /** Visits the messages of a mailbox after a sequence and up to another, until the visitor answers false. */
    void messages(Bytes owner, long after, long upTo, BiPredicate<Long, StoredMessage> visitor) {
        store.scan(
                MESSAGES,
                messageKey(owner, after + 1),
                messageKey(owner, upTo + 1),
                (key, row) -> visitor.test(Keys.lastNumber(key), StoredMessage.decode(row)));
    }

    /** A message that waits; empty if it was removed meanwhile. */
    Optional<StoredMessage> message(Bytes owner, long sequence) {
        return store.get(MESSAGES, messageKey(owner, sequence)).map(StoredMessage::decode);
    }

    Optional<Sequences> sequences(Bytes epoch) {
        return store.get(EPOCHS, epoch).map(Sequences::decode);
    }

    Optional<Bytes> ticket(Bytes gateway, Bytes member) {
        return store.get(TICKETS, ticketKey(gateway, member));
    }

    /** The greatest clock of any delivery. */
    long clock() {
        return store.get(META, CLOCK).map(Keys::lastNumber).orElse(0L);
    }

    /** The periods of which anything seen is known. */
    SortedSet<Long> periods() {
        SortedSet<Long> all = new TreeSet<>();
        boolean more = true;
        while (more) {
            Bytes from = all.isEmpty() ? Bytes.EMPTY : Keys.number(all.last() + 1);
            int before = all.size();
            store.scan(CONTENTS, from, Keys.end(Long.BYTES), (key, bodies) -> {
                all.add(Keys.numberAt(key, 0));
                return false;
            });
            more = all.size() > before;
        }
        return all;
    }

    static Bytes clockKey() {
        return CLOCK;
    }

    static Bytes ticketKey(Bytes gateway, Bytes member) {
        return Bytes.concat(gateway, member);
    }

    static Bytes messageKey(Bytes owner, long sequence) {
        return Bytes.concat(owner, Keys.number(sequence));
    }

    /** Without its period. */
    static Bytes contentKey(Bytes owner, Bytes sender, Digest session, Bytes counter) {
        return Bytes.concat(owner, sender, session.bytes(), counter);
    }

    static Bytes periodKey(long period, Bytes contentKey) {
        return Bytes.concat(Keys.number(period), contentKey);
    }

    static long period(long clockMillis) {
        return clockMillis / MailboxLimits.PERIOD_MILLIS;
    }

    @Override
    public void close() {
        store.close();
    }
}
