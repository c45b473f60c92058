package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.device.FaultyDisk.At;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.SessionEndedException;
import dev.latchkey.host.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sender that stops at every step of its persistence, and goes on. No (key, nonce) pair repeats: the key follows from
 * the session and from the Partial IV's upper byte, the nonce from the whole; so no pair of session and Partial IV may, and
 * no message of one and the same pack.
 */
class CounterCrashTest {
    /** Into the second epoch of a session: two counters are kept. */
    private static final int READINGS = 258;

    /** Ways in which the disk loses what was not forced, tried for each step. */
    private static final int LOSSES = 2;

    private static final int MANY_LOSSES = 50;

    @TempDir(factory = MemoryDirectory.class)
    Path temp;

    private final Pair pair = new Pair();
    private final Set<String> pairs = new HashSet<>();
    private final Set<Bytes> messages = new HashSet<>();
    private String boot = "one boot";
    private int directories;
    private int resumed;

    /** What becomes of the disk between two processes. */
    private enum Between {
        /** kill -9: nothing that was written is lost. */
        KILLED,
        /** The disk loses what was not forced, and the machine does not notice: a card that was pulled. */
        POWER_OF_THE_DISK,
        /** The machine starts anew. */
        POWER
    }

    private Path directory() throws IOException {
        return Files.createDirectory(temp.resolve("device-" + directories++));
    }

    /** One process: it resumes or opens a session, seals, and stops where the disk says. */
    private SendingSession live(Path directory, FaultyDisk disk, int readings) throws Exception {
        DeviceFiles files = DeviceFiles.at(directory, disk, () -> Optional.of(boot), Clock.systemUTC());
        try {
            files.lock();
            Optional<Bytes> kept = files.sending("bob");
            SendingSession session = kept.isPresent()
                    ? SendingSession.resume(kept.get(), state -> files.keepSending("bob", state))
                    : pair.open(state -> files.keepSending("bob", state)).session();
            resumed += kept.isPresent() ? 1 : 0;
            for (int i = 0; i < readings; i++) {
                Sealed sealed = session.seal(Pair.PACK);
                assertThat(pairs.add(session.sessionId() + " " + sealed.partialIv()))
                        .isTrue();
                assertThat(messages.add(sealed.message())).isTrue();
            }
            return session;
        } finally {
            files.unlock();
        }
    }

    private void between(Between what, FaultyDisk disk, Random random) throws IOException {
        if (what != Between.KILLED) {
            disk.losePower(random);
        }
        boot = what == Between.POWER ? "boot " + directories : boot;
    }

    @ParameterizedTest
    @EnumSource(Between.class)
    void noNonceRepeatsAtWhicheverStepItStops(Between what) throws Exception {
        stopEverywhere(what, what == Between.KILLED ? 1 : LOSSES);
    }

    @ParameterizedTest
    @EnumSource(Between.class)
    @Tag("long")
    void noNonceRepeatsHoweverTheDiskForgets(Between what) throws Exception {
        stopEverywhere(what, MANY_LOSSES);
    }

    private void stopEverywhere(Between what, int losses) throws Exception {
        FaultyDisk whole = new FaultyDisk();
        live(directory(), whole.start(-1, At.BEFORE), READINGS);
        int steps = whole.steps();
        assertThat(steps).isGreaterThan(20);
        Random random = new Random(7);
        for (int step = 0; step < steps; step++) {
            for (At at : Set.of(At.BEFORE, At.AFTER)) {
                for (int loss = 0; loss < losses; loss++) {
                    Path directory = directory();
                    FaultyDisk disk = new FaultyDisk().start(step, at);
                    assertThatThrownBy(() -> live(directory, disk, READINGS)).isInstanceOf(FaultyDisk.Stop.class);
                    between(what, disk, random);
                    // It may stop once more, anywhere.
                    disk.start(random.nextInt(2 * steps), at);
                    try {
                        live(directory, disk, READINGS);
                    } catch (FaultyDisk.Stop e) {
                        between(what, disk, random);
                    }
                    live(directory, disk.start(-1, at), 2);
                }
            }
        }
        // A start of the machine ends every session; else most of them go on.
        if (what == Between.POWER) {
            assertThat(messages.size()).isGreaterThan(steps * READINGS);
        } else {
            assertThat(resumed).isGreaterThan(steps);
        }
    }

    @Test
    void whatWasKeptIsThereAfterTheDiskLostItsPower() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Path directory = directory();
            FaultyDisk disk = new FaultyDisk().start(-1, At.BEFORE);
            SendingSession session = live(directory, disk, READINGS);
            disk.losePower(new Random(seed));
            assertThat(live(directory, disk.start(-1, At.BEFORE), 1).sessionId())
                    .as("seed %d", seed)
                    .isEqualTo(session.sessionId());
        }
    }

    @Test
    void aSessionDoesNotOutliveTheBoot() throws Exception {
        Path directory = directory();
        FaultyDisk disk = new FaultyDisk().start(-1, At.BEFORE);
        SendingSession session = live(directory, disk, 1);
        boot = "another boot";
        assertThat(live(directory, disk, 1).sessionId()).isNotEqualTo(session.sessionId());
    }

    @Test
    void aDiskThatFailsAtAnyStepEndsTheSessionAndLeavesNothingHalfWritten() throws Exception {
        FaultyDisk whole = new FaultyDisk();
        live(directory(), whole.start(-1, At.BEFORE), 1);
        int ended = 0;
        for (int step = 0; step < whole.steps(); step++) {
            Path directory = directory();
            FaultyDisk disk = new FaultyDisk().start(step, At.FAIL);
            try {
                live(directory, disk, 1);
            } catch (SessionEndedException e) {
                assertThat(e).hasCauseInstanceOf(IOException.class);
                ended++;
            }
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files).noneMatch(AtomicFile::isUnfinished);
            }
            live(directory, disk, READINGS);
        }
        // All but what erases nothing.
        assertThat(ended).isGreaterThanOrEqualTo(whole.steps() - 2);
    }

    @Test
    void whatACrashLeftUnfinishedIsErasedAtTheNextStart() throws Exception {
        FaultyDisk whole = new FaultyDisk();
        live(directory(), whole.start(-1, At.BEFORE), 1);
        for (int step = 0; step < whole.steps(); step++) {
            Path directory = directory();
            FaultyDisk disk = new FaultyDisk().start(step, At.AFTER);
            assertThatThrownBy(() -> live(directory, disk, 1)).isInstanceOf(FaultyDisk.Stop.class);
            live(directory, disk.start(-1, At.BEFORE), 0);
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files).noneMatch(AtomicFile::isUnfinished);
            }
        }
    }
}
