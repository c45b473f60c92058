package dev.latchkey.gateway.store;

import java.util.List;

/**
 * The tables of the store, each a column family of its own. Rows are ordered by key, unsigned. Where it says "chain" the
 * key begins with the chain's number ({@link ChainRows}); a member stands by its id (16 bytes), which stays when it moves
 * to another chain.
 */
public enum Table {
    /** Format, numbers of the chains; of each chain its store epoch, counters, cursor and newest checkpoint. */
    META("meta"),
    /** chain, height (uint64) -> block as the cloud sent it and this gateway verified it. */
    BLOCKS("blocks"),
    /** chain, height (uint64) -> header of that block. */
    HEADERS("headers"),
    /** chain, hash of a record (32 bytes) -> record that a newer one took the place of. */
    RECORDS("records"),
    /** chain, height (uint64), digest -> block or checkpoint that did not verify. */
    EVIDENCE("evidence"),
    /** chain id (32 bytes) -> checkpoint that this gateway cosigned last; also of chains that it does not serve. */
    WITNESS("witness"),
    /** chain, sequence (uint64) -> message on its way to the cloud. */
    OUTBOX("outbox"),
    /** chain, sequence (uint64) -> message the cloud refused, with the reason. */
    REFUSED("refused"),
    /** session id (32 bytes) -> session. */
    SESSIONS("sessions"),
    /** first 4 bytes of a session id, member -> session id; of a session that is over: and when it began (uint64). */
    SESSION_KIDS("session-kids"),
    /** author, moment (uint64), session id -> nothing: an author's sessions, oldest first. */
    SESSION_AUTHORS("session-authors"),
    /** session id, member, Partial IV -> digest of the reading. */
    SEEN("seen"),
    /** member, chain id (32 bytes) -> serve ticket. */
    TICKETS("tickets"),
    /** member, chain id (32 bytes), moment (uint64) -> serve ticket whose place another one took then. */
    PAST_TICKETS("past-tickets"),
    /** member, chain id (32 bytes) -> what the member registered in the resource directory. */
    DIRECTORY("directory"),
    /** member -> counters of its inbox. */
    INBOX_COUNTERS("inbox-counters"),
    /** member, u (uint64) -> message that waits for that member. */
    INBOX("inbox"),
    /**
     * member, digest of a message -> u: what is in the inbox, or was and is not yet known to be in the cloud. member, session
     * id -> nothing: what is delivered now is read after the opener of that session.
     */
    INBOX_SEEN("inbox-seen"),
    /** member, cloud sequence (uint64) -> u: what the cloud's mailbox still holds. */
    MAILBOX("mailbox"),
    /** order (uint64) -> join that waits for the cloud, or what the chain said of it. */
    PROVISIONAL("provisional"),
    /** provisional member, session id -> session. */
    LOCAL_SESSIONS("local-sessions");

    /** Those from which rows go when they have been dealt with. */
    static final List<Table> QUEUES = List.of(OUTBOX, INBOX, INBOX_SEEN, MAILBOX, SEEN);

    private final String title;

    Table(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
