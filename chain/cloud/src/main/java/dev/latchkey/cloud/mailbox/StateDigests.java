package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand.Compare;
import dev.latchkey.cloud.mailbox.MailboxCommand.Found;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.StoreFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what a group's mailboxes hold on this node is what they hold on the other members. An entry of the log names the
 * rows that all members read back when they apply it, and each puts the digest of them into the log: the same state gives
 * the same digest. From the first row to the last, then again. Entries are for the group's updater; the rest is
 * thread-safe.
 */
public final class StateDigests {
    private static final Logger LOG = LoggerFactory.getLogger(StateDigests.class);

    /** A turn ends behind the row that brings it to this; apply waits for so long. */
    private static final int MAX_TURN_BYTES = 1 << 20;

    /** Turns whose digests of other members are waited for. */
    private static final int MAX_TURNS = 64;

    /** More members than a group has. */
    private static final int MAX_MEMBERS = 16;

    private final MailboxStore store;
    private final TreeMap<Long, Turn> turns = new TreeMap<>();
    private final Set<String> named = new HashSet<>();
    private volatile Row next = Row.FIRST;
    private volatile Optional<Group> group = Optional.empty();
    private volatile Optional<String> finding = Optional.empty();
    private volatile long rows;

    /** Behind which row a turn begins. */
    record Row(int family, Bytes key) {
        static final Row FIRST = new Row(0, Bytes.EMPTY);
    }

    /** What was found in one turn, here and elsewhere; an empty digest is that of a store that cannot be read. */
    private record Turn(Row from, Bytes own, Map<String, Bytes> others) {}

    /** Brings what this node found into the log. Must not block. */
    public interface Reporter {
        /** Submits an entry of the group. */
        void report(Bytes entry);
    }

    /**
     * The group that the mailboxes belong to.
     *
     * @param name its name
     * @param self this node's id in it
     * @param members how many there are
     */
    public record Group(String name, String self, IntSupplier members, Reporter reporter) {}

    StateDigests(MailboxStore store) {
        this.store = store;
    }

    /** From now on this node says what it finds, and hears what others do. */
    public void join(Group members) {
        group = Optional.of(members);
    }

    /** The entry with which the next rows are compared, at most so many. */
    public Bytes nextTurn(int limit) {
        Row from = next;
        return new Compare(from.family(), from.key(), limit).encode();
    }

    /** In a sentence for people, in what these mailboxes differ from those of the other members, if they do. */
    public Optional<String> finding() {
        return finding;
    }

    /** Rows that were read back since the start. */
    public long rows() {
        return rows;
    }

    void apply(long index, Compare command) {
        Row from = new Row(command.family(), command.after());
        Bytes own;
        try {
            own = read(from, command.rows());
        } catch (StoreFault e) {
            if (finding.isEmpty()) {
                LOG.error("rows of the mailboxes cannot be read back", e);
            }
            own = Bytes.EMPTY;
        }
        turns.put(index, new Turn(from, own, new TreeMap<>()));
        while (turns.size() > MAX_TURNS) {
            turns.pollFirstEntry();
        }
        Optional<Group> members = group;
        if (members.isPresent()) {
            if (own.isEmpty()) {
                raise(members.get(), index, from, "rows that can be read", "a file that cannot");
            }
            members.get().reporter().report(new Found(index, members.get().self(), own).encode());
        }
    }

    void apply(Found command) {
        Turn turn = turns.get(command.index());
        Optional<Group> members = group;
        if (turn == null
                || members.isEmpty()
                || command.member().equals(members.get().self())) {
            return;
        }
        if (turn.others().size() < MAX_MEMBERS) {
            turn.others().put(command.member(), command.digest());
        }
        if (command.digest().equals(turn.own())) {
            return;
        }
        List<Bytes> others = turn.others().values().stream()
                .filter(digest -> !digest.equals(turn.own()))
                .toList();
        if (2 * others.size() >= members.get().members().getAsInt()) {
            raise(members.get(), command.index(), turn.from(), text(others.get(0)), text(turn.own()));
        } else if (named.add(command.member())) {
            LOG.warn(
                    "another member's mailboxes differ from these: group={} member={} index={} store={}",
                    members.get().name(),
                    command.member(),
                    command.index(),
                    storeName(members.get(), turn.from()));
        }
    }

    private void raise(Group members, long index, Row from, String expected, String found) {
        if (finding.isEmpty()) {
            String where = storeName(members, from);
            LOG.error(
                    "the mailboxes differ from those of the other members: group={} index={} store={} after={} expected={} found={}",
                    members.name(),
                    index,
                    where,
                    from.key(),
                    expected,
                    found);
            finding = Optional.of("group " + members.name() + ", entry " + index + ", store " + where
                    + ": digest differs, expected " + expected + ", found " + found);
        }
    }

    private static String storeName(Group members, Row from) {
        return members.name() + "/" + MailboxStore.ARCHIVED.get(from.family());
    }

    private static String text(Bytes digest) {
        return digest.isEmpty()
                ? "a file that cannot be read"
                : digest.slice(0, 8).toHex() + "..";
    }

    /** The digest of the rows behind one, through all families; says where the next turn begins. */
    private Bytes read(Row from, int limit) {
        List<Bytes> parts = new ArrayList<>();
        int[] left = {limit, MAX_TURN_BYTES};
        Row at = from;
        while (left[0] > 0 && left[1] > 0 && at.family() < MailboxStore.ARCHIVED.size()) {
            Bytes[] last = {at.key()};
            int family = at.family();
            store.rows(family, at.key(), (key, value) -> {
                parts.add(Keys.number(family));
                parts.add(Keys.number(key.size()));
                parts.add(key);
                parts.add(Keys.number(value.size()));
                parts.add(value);
                last[0] = key;
                left[0]--;
                left[1] -= key.size() + value.size();
                return left[0] > 0 && left[1] > 0;
            });
            at = left[0] > 0 && left[1] > 0 ? new Row(family + 1, Bytes.EMPTY) : new Row(family, last[0]);
        }
        rows += limit - left[0];
        next = at.family() < MailboxStore.ARCHIVED.size() ? at : Row.FIRST;
        return Digest.sha256(parts.toArray(Bytes[]::new)).bytes();
    }
}
