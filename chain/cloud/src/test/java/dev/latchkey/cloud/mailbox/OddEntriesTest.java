package dev.latchkey.cloud.mailbox;

import static dev.latchkey.cloud.mailbox.Letters.EPOCH;
import static dev.latchkey.cloud.mailbox.Letters.GATEWAY;
import static dev.latchkey.cloud.mailbox.Letters.OWNER;
import static dev.latchkey.cloud.mailbox.Letters.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.odd.Choices;
import dev.latchkey.cloud.store.StoreFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a log could hold and should not: nobody's entry may stop a node, which would meet it again at each start. */
@Timeout(60)
class OddEntriesTest {
    private static final int ROUNDS = Integer.getInteger("latchkey.hostile.entries", 2_000);

    @TempDir
    Path directory;

    @Test
    void noneFailsAndWhatItLeftCanBeRead() throws Exception {
        Choices choices = Choices.of(new Random(20_261_123));
        try (OddEntries entries = new OddEntries(directory)) {
            for (int round = 0; round < ROUNDS; round++) {
                entries.next(choices);
            }
            assertThat(entries.taken()).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
        }
    }

    /** A gateway chooses its sequences. */
    @Test
    void theLastSequenceThereIsIsOneLikeOthers() throws Exception {
        try (Letters letters = Letters.open(directory)) {
            letters.deliver(1, delivery(1, 0, "a", OWNER));
            letters.deliver(1, delivery(Long.MAX_VALUE, 1, "b", OWNER));
            letters.deliver(1, delivery(Long.MAX_VALUE - 1, 2, "c", OWNER));
            assertThat(letters.deliver(1, delivery(Long.MAX_VALUE, 3, "d", OWNER))
                            .refused())
                    .extracting(one -> one.code())
                    .containsExactly("sequence-reused");
            assertThat(letters.all(OWNER)).hasSize(3);
        }
    }

    @Test
    void aClockThatIsFarAheadCostsNoMoreThanAnother() throws Exception {
        try (Letters letters = Letters.open(directory)) {
            letters.deliver(1, delivery(1, 0, "a", OWNER));
            letters.deliver(Long.MAX_VALUE, delivery(2, 0, "a", OWNER), delivery(3, 0, "b", OWNER));
            assertThat(letters.all(OWNER)).hasSize(2);
        }
    }

    @Test
    void aDeliveryForNobodyIsNoCommand() throws Exception {
        try (Letters letters = Letters.open(directory)) {
            Bytes entry = letters.command(GATEWAY, EPOCH, 1, List.of(delivery(1, 0, "a")))
                    .encode();
            assertThat(MailboxCommand.isBrought(entry)).isFalse();
        }
    }

    /** Damage on the disk is met by its name, and nothing is read out of half a row. */
    @Test
    void aRowOfAnotherSizeIsDamaged() {
        Map<UnaryOperator<Bytes>, Integer> rows = Map.of(
                row -> Box.decode(row).encode(), 88,
                row -> Usage.decode(row).encode(), 16,
                row -> Sequences.decode(row).encode(), 24 + MailboxLimits.SEQUENCE_WINDOW / 8);
        Random random = new Random(1);
        rows.forEach((again, size) -> {
            byte[] whole = new byte[size + 1];
            random.nextBytes(whole);
            for (int i = 0; i < size; i += 8) {
                whole[i] &= 0x7f; // numbers are not negative
            }
            Bytes row = Bytes.wrap(whole).slice(0, size);
            assertThat(again.apply(row)).isEqualTo(row);
            for (int other : new int[] {0, 1, size / 2, size - 1, size + 1}) {
                assertThatThrownBy(() -> again.apply(Bytes.wrap(whole).slice(0, other)))
                        .isInstanceOf(StoreFault.class);
            }
        });
        assertThatThrownBy(() -> StoredMessage.decode(Bytes.wrap(new byte[15]))).isInstanceOf(StoreFault.class);
    }
}
