package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cloud.store.StoreFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Where the messages lie. Thread-safe. Families: {@code boxes}, owner id to {@link Box}; {@code messages}, owner id and
 * sequence to the encoded mailbox entry; {@code dedup}, gateway id, epoch and outbox sequence; {@code contents}, owner
 * id, sender id, session and counter to the hashes of the bodies kept; {@code expiry}, moment, owner id and sequence to
 * the keys that go with the message; {@code tickets}, gateway id and member id to the newest serve ticket; {@code meta}.
 */
public final class MailboxStore implements AutoCloseable {
    static final String BOXES = "boxes";
    static final String MESSAGES = "messages";
    static final String DEDUP = "dedup";
    static final String CONTENTS = "contents";
    static final String EXPIRY = "expiry";
    static final String TICKETS = "tickets";
    static final String META = "meta";

    private static final StoreFormat FORMAT = new StoreFormat("latchkey-mailboxes", 1);

    private final Store store;

    private MailboxStore(Store store) {
        this.store = store;
    }

    /** Opens or makes the store in a directory of its own. */
    public static MailboxStore open(Path directory) throws IOException {
        return new MailboxStore(
                Store.open(directory, FORMAT, List.of(BOXES, MESSAGES, DEDUP, CONTENTS, EXPIRY, TICKETS, META)));
    }

    Store rows() {
        return store;
    }

    Box box(Bytes owner) {
        return store.get(BOXES, owner).map(Box::decode).orElse(Box.EMPTY);
    }

    /** Visits the entries of a mailbox after a sequence and up to another, until the visitor answers false. */
    void messages(Bytes owner, long after, long upTo, BiPredicate<Long, Bytes> visitor) {
        Bytes until = messageKey(owner, upTo + 1);
        store.scan(
                MESSAGES,
                messageKey(owner, after + 1),
                until,
                (key, entry) -> visitor.test(Keys.lastNumber(key), entry));
    }

    Optional<Bytes> message(Bytes owner, long sequence) {
        return store.get(MESSAGES, messageKey(owner, sequence));
    }

    Optional<Bytes> ticket(Bytes gateway, Bytes member) {
        return store.get(TICKETS, ticketKey(gateway, member));
    }

    static Bytes ticketKey(Bytes gateway, Bytes member) {
        return Bytes.concat(gateway, member);
    }

    static Bytes messageKey(Bytes owner, long sequence) {
        return Bytes.concat(owner, Keys.number(sequence));
    }

    static Bytes dedupKey(Bytes gateway, Bytes epoch, long sequence) {
        return Bytes.concat(gateway, epoch, Keys.number(sequence));
    }

    static Bytes contentKey(Bytes owner, Bytes sender, Digest session, Bytes counter) {
        return Bytes.concat(owner, sender, session.bytes(), counter);
    }

    static Bytes expiryKey(long moment, Bytes owner, long sequence) {
        return Bytes.concat(Keys.number(moment), owner, Keys.number(sequence));
    }

    @Override
    public void close() {
        store.close();
    }
}
