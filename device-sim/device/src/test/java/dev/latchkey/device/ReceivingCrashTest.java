package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.device.FaultyDisk.At;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.ReceivingSession;
import dev.latchkey.envelope.RefusedMessageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A receiver that stops at every step of its persistence, and goes on with what was not acknowledged. Nothing is delivered
 * twice, and what was acknowledged had been delivered, but for the page that was in hand when it stopped.
 */
class ReceivingCrashTest {
    private static final int PAGE = 5;
    private static final int READINGS = 4;

    @TempDir(factory = MemoryDirectory.class)
    Path temp;

    private final Pair pair = new Pair();
    private final List<Entry> mailbox = new ArrayList<>();
    private int directories;

    /** What waits at the gateway: an opener if there is no number. */
    private record Entry(Digest session, int number, Bytes message) {}

    /** Sessions as they are when they are taken up, which takes its time. */
    private final Map<Digest, Bytes> takenUp = new HashMap<>();

    /** One receiver over all its processes. */
    private final class Life {
        final Path directory = Files.createDirectory(temp.resolve("device-" + directories++));
        final FaultyDisk disk = new FaultyDisk();
        final List<Entry> delivered = new ArrayList<>();
        final Set<Entry> inHand = new HashSet<>();
        int acknowledged;
        boolean noting;

        Life() throws IOException {}

        /** What Inbox does with each page, in its order: open, note on disk, deliver, acknowledge. */
        void run() throws Exception {
            ReceivedSessions sessions =
                    new ReceivedSessions(DeviceFiles.at(directory, disk, Optional::empty, Clock.systemUTC()));
            while (acknowledged < mailbox.size()) {
                List<Entry> page = mailbox.subList(acknowledged, Math.min(acknowledged + PAGE, mailbox.size()));
                List<Entry> opened = new ArrayList<>();
                for (Entry entry : page) {
                    open(sessions, entry).ifPresent(opened::add);
                }
                inHand.clear();
                inHand.addAll(opened);
                Set<Digest> notKept = sessions.keep();
                opened.stream()
                        .filter(entry -> !notKept.contains(entry.session()))
                        .forEach(delivered::add);
                inHand.clear();
                if (notKept.isEmpty()) {
                    acknowledged += page.size();
                }
            }
        }

        private Optional<Entry> open(ReceivedSessions sessions, Entry entry) throws Exception {
            Optional<ReceivingSession> known = sessions.find(entry.session());
            if (entry.number() < 0) {
                if (known.isEmpty()) {
                    sessions.changed(ReceivingSession.resume(takenUp.get(entry.session())));
                }
                return Optional.empty();
            }
            try {
                known.orElseThrow().open("ann", entry.message(), Pair.NOW);
                sessions.changed(known.get());
                return Optional.of(entry);
            } catch (RefusedMessageException e) {
                assertThat(e.reason()).isEqualTo(RefusedMessageException.Reason.SEEN);
                return Optional.empty();
            }
        }
    }

    /** Two sessions whose readings lie mixed, so that a page changes two files; some readings come twice. */
    private void fillMailbox() throws Exception {
        Opened one = pair.open(state -> {});
        Opened two = pair.open(state -> {});
        for (Opened each : List.of(one, two)) {
            mailbox.add(new Entry(each.session().sessionId(), -1, each.opener()));
            takenUp.put(
                    each.session().sessionId(),
                    pair.accept(each.opener()).session().state());
        }
        for (int i = 0; i < READINGS; i++) {
            for (Opened each : List.of(one, two)) {
                Entry entry = new Entry(
                        each.session().sessionId(),
                        i,
                        each.session().seal(Pair.PACK).message());
                mailbox.add(entry);
                if (i % 3 == 0) {
                    mailbox.add(entry);
                }
            }
        }
    }

    @Test
    void nothingIsDeliveredTwiceAndNothingThatWasAcknowledgedIsLost() throws Exception {
        fillMailbox();
        Life whole = new Life();
        whole.disk.start(-1, At.BEFORE);
        whole.run();
        assertThat(whole.delivered).hasSize(2 * READINGS);
        int steps = whole.disk.steps();
        Random random = new Random(11);
        for (int step = 0; step < steps; step++) {
            stopAt(step, At.FAIL, false, random);
            for (At at : List.of(At.BEFORE, At.AFTER)) {
                stopAt(step, at, false, random);
                stopAt(step, at, true, random);
            }
        }
    }

    private void stopAt(int step, At at, boolean power, Random random) throws Exception {
        Life life = new Life();
        Set<Entry> caught = new HashSet<>();
        life.disk.start(step, at);
        try {
            life.run();
        } catch (FaultyDisk.Stop e) {
            caught.addAll(life.inHand);
            if (power) {
                life.disk.losePower(random);
            }
        }
        life.disk.start(-1, At.BEFORE);
        life.run();
        assertThat(life.delivered).doesNotHaveDuplicates();
        Set<Entry> lost = new HashSet<>(mailbox);
        lost.removeIf(entry -> entry.number() < 0);
        lost.removeAll(life.delivered);
        assertThat(caught).as("step %d %s, power %s", step, at, power).containsAll(lost);
    }
}
