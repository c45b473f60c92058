package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.device.FaultyDisk.At;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.host.CounterFiles;
import dev.latchkey.host.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipient sends with follows from the opener; so it takes up each session once, also when the opener comes again. */
class SharedSessionCrashTest {
    private static final int READINGS = 258;
    private static final Instant STARTED = Pair.NOW.minusSeconds(60);
    private static final Instant LATEST = Pair.NOW.plus(Duration.ofHours(2));

    @TempDir(factory = MemoryDirectory.class)
    Path temp;

    private final Pair pair = new Pair();
    private final Set<Integer> partialIvs = new HashSet<>();
    private final Set<Bytes> messages = new HashSet<>();
    private int directories;

    private Path directory() throws IOException {
        return Files.createDirectory(temp.resolve("device-" + directories++));
    }

    /** One process of bob's: the opener arrives, because in/ does not know it, and bob sends in the session if he may. */
    private int live(Path directory, FaultyDisk disk, VerifiedOpener opener, Instant started) throws Exception {
        return live(
                directory, disk, opener, started, Duration.between(started, Pair.NOW.plusSeconds(2)), Duration.ZERO);
    }

    /**
     * @param until how long after the start the opener comes
     * @param set by how much the device's clock is set forward meanwhile
     */
    private int live(
            Path directory, FaultyDisk disk, VerifiedOpener opener, Instant started, Duration until, Duration set)
            throws Exception {
        AtomicReference<Instant> time = new AtomicReference<>(started);
        AtomicLong nanos = new AtomicLong();
        DeviceFiles files = DeviceFiles.at(directory, disk, () -> Optional.of("boot"), clock(time), nanos::get);
        time.set(started.plus(until).plus(set));
        nanos.set(until.toNanos());
        SharedSessions shared =
                new SharedSessions("seattle", pair.exchange(), files, Clock.fixed(Pair.NOW, ZoneOffset.UTC));
        shared.offer(opener, pair.accept(opener, shared.store(opener)).own(), Pair.NOW);
        Optional<SharedSessions.Part> part = shared.find(pair.author(), opener.recipients());
        if (part.isEmpty()) {
            return 0;
        }
        SendingSession session = part.get().session();
        for (int i = 0; i < READINGS; i++) {
            Sealed sealed = session.seal(Pair.PACK);
            assertThat(partialIvs.add(sealed.partialIv())).isTrue();
            assertThat(messages.add(sealed.message())).isTrue();
        }
        return READINGS;
    }

    private static Clock clock(AtomicReference<Instant> time) {
        InstantSource source = time::get;
        return source.withZone(ZoneOffset.UTC);
    }

    /** A board without a battery for its clock comes up in the past, and learns the time some while later. */
    @Test
    void aClockThatIsWrongAtTheStartOrSetSinceTakesUpNothingTwice() throws Exception {
        VerifiedOpener opener = pair.verified(pair.openForBoth(state -> {}).opener());
        assertThat(live(directory(), new FaultyDisk().start(-1, At.BEFORE), opener, STARTED))
                .isEqualTo(READINGS);
        Instant wrong = Pair.NOW.minus(Duration.ofHours(1));
        Duration minute = Duration.ofMinutes(1);
        assertThat(live(directory(), new FaultyDisk().start(-1, At.BEFORE), opener, wrong, minute, Duration.ZERO))
                .as("before it is set")
                .isZero();
        assertThat(live(directory(), new FaultyDisk().start(-1, At.BEFORE), opener, wrong, minute, Duration.ofHours(2)))
                .as("after it was set")
                .isZero();
    }

    @Test
    void noNonceRepeatsAtWhicheverStepARecipientStops() throws Exception {
        VerifiedOpener opener = pair.verified(pair.openForBoth(state -> {}).opener());
        FaultyDisk whole = new FaultyDisk().start(-1, At.BEFORE);
        assertThat(live(directory(), whole, opener, STARTED)).isEqualTo(READINGS);
        int steps = whole.steps();
        Random random = new Random(13);
        for (int step = 0; step < steps; step++) {
            for (At at : Set.of(At.BEFORE, At.AFTER)) {
                for (boolean power : new boolean[] {false, true}) {
                    partialIvs.clear();
                    messages.clear();
                    Path directory = directory();
                    FaultyDisk disk = new FaultyDisk().start(step, at);
                    assertThatThrownBy(() -> live(directory, disk, opener, STARTED))
                            .isInstanceOf(FaultyDisk.Stop.class);
                    if (power) {
                        disk.losePower(random);
                    }
                    disk.start(-1, At.BEFORE);
                    live(directory, disk, opener, Pair.NOW.plusSeconds(1));
                }
            }
        }
    }

    @Test
    void aRecipientThatLostItsStateTakesUpNoSessionThatBeganBefore() throws Exception {
        VerifiedOpener opener = pair.verified(pair.openForBoth(state -> {}).opener());
        assertThat(live(directory(), new FaultyDisk().start(-1, At.BEFORE), opener, STARTED))
                .isEqualTo(READINGS);
        assertThat(live(directory(), new FaultyDisk().start(-1, At.BEFORE), opener, Pair.NOW.plusSeconds(1)))
                .isZero();
    }

    @Test
    void eachSessionIsTakenUpOnceAlsoAfterARestart() throws Exception {
        Path directory = directory();
        Digest first = Digest.sha256(Bytes.utf8("first"));
        Digest second = Digest.sha256(Bytes.utf8("second"));
        assertThat(claims(directory).claim(first, Pair.NOW, STARTED, LATEST)).isTrue();
        assertThat(claims(directory).claim(first, Pair.NOW, STARTED, LATEST)).isFalse();
        Instant later = Pair.NOW.plus(Duration.ofHours(1));
        // The list is whole since the first start, so what began before this one may be new.
        assertThat(claims(directory).claim(second, Pair.NOW, later, LATEST)).isTrue();
        assertThat(claims(directory).claim(second, Pair.NOW, later, LATEST)).isFalse();
        assertThat(claims(directory).claim(Digest.ZERO, STARTED, STARTED, LATEST))
                .isFalse();
    }

    @Test
    void aSessionThatWasForgottenIsNotTakenUpAgain() throws Exception {
        Claims claims = claims(directory());
        for (int i = 0; i <= Claims.MAX_SESSIONS; i++) {
            assertThat(claims.claim(numbered(i), Pair.NOW.plusSeconds(i), STARTED, LATEST))
                    .isTrue();
        }
        for (int i = 0; i <= Claims.MAX_SESSIONS; i++) {
            assertThat(claims.claim(numbered(i), Pair.NOW.plusSeconds(i), STARTED, LATEST))
                    .as("session %d", i)
                    .isFalse();
        }
    }

    private static Digest numbered(int number) {
        return Digest.sha256(Bytes.utf8("session " + number));
    }

    private static Claims claims(Path directory) {
        return new Claims(new CounterFiles(
                Disk.REAL, directory.resolve("out"), directory.resolve("marks"), () -> Optional.of("boot")));
    }
}
