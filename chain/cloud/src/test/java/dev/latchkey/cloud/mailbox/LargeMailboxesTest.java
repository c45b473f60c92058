package dev.latchkey.cloud.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with many readings, 100,000 or, in the long run, 10,000,000: prints its figures. */
class LargeMailboxesTest {
    private static final int OWNERS = 4;
    private static final int BATCH = 1_000;
    private static final int BODY_BYTES = 250;
    private static final int READS = 200;
    private static final long DAY = 86_400_000;

    @TempDir
    Path directory;

    private final Random random = new Random(4);
    private int sent;

    @Test
    void aHundredThousandReadings() throws Exception {
        openingAndReadingTakeNoLongerWithMoreInStoreAndTheSpaceComesBack(100_000);
    }

    @Test
    @Tag("long")
    void tenMillionReadings() throws Exception {
        openingAndReadingTakeNoLongerWithMoreInStoreAndTheSpaceComesBack(10_000_000);
    }

    private void openingAndReadingTakeNoLongerWithMoreInStoreAndTheSpaceComesBack(int readings) throws Exception {
        Letters letters = Letters.open(directory.resolve("m"));
        fill(letters, readings / 10);
        letters.close();
        double openedFew = openMillis();
        letters = Letters.open(directory.resolve("m"));
        double readFew = readMicros(letters);

        long begun = System.nanoTime();
        fill(letters, readings - readings / 10);
        double perSecond = 0.9 * readings / ((System.nanoTime() - begun) / 1e9);
        assertThat(letters.mailboxes.usage().messages()).isEqualTo(readings);
        letters.close();
        double openedAll = openMillis();
        letters = Letters.open(directory.resolve("m"));
        double readAll = readMicros(letters);
        letters.store.rows().sync();
        long full = size();

        begun = System.nanoTime();
        for (int owner = 1; owner < OWNERS; owner++) {
            letters.apply(new Acknowledge(owner(owner), Long.MAX_VALUE - 2));
        }
        double acknowledged = (System.nanoTime() - begun) / 1e6;
        letters.mailboxes.reclaim();
        long read = size();
        assertThat(letters.mailboxes.read(owner(0), 0, 10, 1 << 20)).hasSize(10);
        letters.expire(30 * DAY, 60 * DAY, MailboxSettings.USUAL);
        letters.mailboxes.reclaim();
        long expired = size();
        assertThat(letters.mailboxes.usage()).isEqualTo(Usage.NONE);
        letters.close();

        System.out.printf(
                "%,d readings: %,.0f/s into the store; open %.0f ms with a tenth, %.0f ms with all; page of 100 %.0f us,"
                        + " %.0f us; acknowledge three mailboxes %.1f ms; disk %,d KiB full, %,d KiB after acknowledging"
                        + " three quarters, %,d KiB after the rest expired%n",
                readings,
                perSecond,
                openedFew,
                openedAll,
                readFew,
                readAll,
                acknowledged,
                full >> 10,
                read >> 10,
                expired >> 10);
        assertThat(openedAll).isLessThan(10 * openedFew + 500);
        assertThat(readAll).isLessThan(10 * readFew + 2_000);
        assertThat(acknowledged).isLessThan(1_000);
        assertThat(read).as("three quarters were acknowledged").isLessThan(full / 2);
        assertThat(expired).as("nothing is left").isLessThan(full / 10);
    }

    private static Bytes owner(int number) {
        return Letters.id(100 + number);
    }

    private void fill(Letters letters, int readings) throws Exception {
        byte[] body = new byte[BODY_BYTES];
        for (int until = sent + readings; sent < until; ) {
            List<Delivery> batch = new ArrayList<>();
            while (batch.size() < BATCH && sent < until) {
                sent++;
                random.nextBytes(body);
                Bytes message = Bytes.wrap(body.clone());
                batch.add(reading(sent, message));
            }
            assertThat(letters.deliver(10 * DAY, batch.toArray(Delivery[]::new)).refused())
                    .isEmpty();
        }
    }

    /** As of one session with 65,536 readings for each recipient, which is followed by another one. */
    private static Delivery reading(int number, Bytes message) {
        Delivery one = Letters.delivery(number, number / OWNERS, message, 0, owner(number % OWNERS));
        Bytes sender = Letters.id(1_000 + number / OWNERS / 65_536);
        return new Delivery(
                one.sequence(),
                sender,
                one.sender(),
                one.session(),
                one.counter(),
                one.acceptedMillis(),
                one.contentFormat(),
                message,
                one.recipients());
    }

    private double openMillis() throws IOException {
        long begun = System.nanoTime();
        Letters letters = Letters.open(directory.resolve("m"));
        double millis = (System.nanoTime() - begun) / 1e6;
        letters.close();
        return millis;
    }

    /** The median of pages somewhere in some mailbox. */
    private double readMicros(Letters letters) {
        double[] micros = new double[READS];
        for (int i = 0; i < READS; i++) {
            Bytes owner = owner(random.nextInt(OWNERS));
            long after = random.nextInt((int) letters.mailboxes.state(owner).last() - 100);
            long begun = System.nanoTime();
            assertThat(letters.mailboxes.read(owner, after, 100, 1 << 20)).hasSize(100);
            micros[i] = (System.nanoTime() - begun) / 1e3;
        }
        Arrays.sort(micros);
        return micros[READS / 2];
    }

    private long size() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
