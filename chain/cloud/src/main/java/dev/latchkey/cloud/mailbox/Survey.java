package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand.Cut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Looks over all mailboxes once: what is due to go, how old the oldest message is, how full the fullest mailbox. For one thread. */
final class Survey {
    private final MailboxStore store;
    private final List<Cut> due = new ArrayList<>();
    private OptionalLong oldest = OptionalLong.empty();
    private long deepest;

    Survey(MailboxStore store) {
        this.store = store;
    }

    /**
     * Looks.
     *
     * @param beforeMillis for a network, the moment before which what was delivered has ended its retention
     * @param keepBytes bytes that a mailbox keeps
     * @param oldEnoughMillis what was delivered before may go because of its mailbox' bytes
     */
    Survey run(ToLongFunction<Digest> beforeMillis, long keepBytes, long oldEnoughMillis) {
        store.boxes((owner, box) -> {
            Optional<StoredMessage> first =
                    box.messages() == 0 ? Optional.empty() : store.message(owner, box.removed() + 1);
            deepest = Math.max(deepest, box.messages());
            if (first.isPresent()) {
                long clock = first.get().clockMillis();
                oldest = OptionalLong.of(Math.min(clock, oldest.orElse(clock)));
                long upTo = box.removed();
                long before = beforeMillis.applyAsLong(box.network());
                if (clock < before) {
                    upTo = lastThat(owner, box, message -> message.clockMillis() < before);
                }
                if (box.bytes() > keepBytes && clock < oldEnoughMillis) {
                    long surplus = box.appendedBytes() - keepBytes;
                    long heavy = Math.min(box.last(), 1 + lastThat(owner, box, one -> one.bytesUpTo() < surplus));
                    long old = lastThat(owner, box, message -> message.clockMillis() < oldEnoughMillis);
                    upTo = Math.max(upTo, Math.min(heavy, old));
                }
                if (upTo > box.removed()) {
                    due.add(new Cut(owner, upTo));
                }
            }
        });
        return this;
    }

    /** The last message for which something holds that holds up to some message and not after it. */
    private long lastThat(Bytes owner, Box box, Predicate<StoredMessage> holds) {
        long low = box.removed();
        long high = box.last();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            boolean isSo = store.message(owner, middle).map(holds::test).orElse(true);
            if (isSo) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Messages in the fullest mailbox. */
    long deepest() {
        return deepest;
    }

    List<Cut> due() {
        return due;
    }

    /** When the oldest message that waits was delivered. */
    OptionalLong oldestMillis() {
        return oldest;
    }
}
