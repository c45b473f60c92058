package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.protocol.ContentFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waited for weeks, came over two gateways, out of order and more than once, is delivered: each reading once. */
class DeviceLateTest extends DeviceFixture {
    private static final int READINGS = 8;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final List<Double> values = new CopyOnWriteArrayList<>();
    private final List<Boolean> late = new CopyOnWriteArrayList<>();
    private final List<String> dropped = new CopyOnWriteArrayList<>();

    /** All that one gateway took of a session: the opener, which every gateway passes on first, and the readings. */
    private record Stream(Digest session, Bytes opener, List<Bytes> readings) {}

    @Test
    void readingsOfARoamingDeviceThatComeWeeksLateAreDeliveredOnce() throws Exception {
        join("bob").close();
        Device ann = join("ann");
        Stream first = sent(ann, 0);
        // The other gateway does not know the session, so the device opens another there.
        synchronized (gateway) {
            gateway.sessions.clear();
        }
        Stream second = sent(ann, READINGS);
        ann.close();
        gateway.inboxes.clear();

        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Bytes> early = shuffled(second.readings(), random);
        put(second, second.opener());
        early.subList(0, READINGS / 2).forEach(message -> put(second, message));
        hear();
        assertThat(values).hasSize(READINGS / 2);
        assertThat(late).containsOnly(false);

        // The first gateway's cloud comes back after three weeks; what it has mixes with the other's, which repeats
        // itself.
        Duration away = Duration.ofDays(21);
        now.updateAndGet(before -> before.plus(away));
        gateway.chain.checkpointAge = gateway.chain.checkpointAge.minus(away);
        put(first, first.opener());
        List<Bytes> firsts = shuffled(first.readings(), random);
        List<Bytes> seconds = shuffled(second.readings(), random);
        for (int i = 0; i < READINGS; i++) {
            put(first, firsts.get(i));
            put(second, seconds.get(i));
            if (i % 4 == 0) {
                put(first, firsts.get(random.nextInt(i + 1)));
                put(first, first.opener());
            }
            if (i == READINGS / 2) {
                hear();
            }
        }
        hear();
        assertThat(values)
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2 * READINGS)
                        .mapToObj(value -> (double) value)
                        .toList());
        assertThat(late.subList(READINGS / 2, late.size())).containsOnly(true);
        assertThat(dropped).isEmpty();
    }

    private Stream sent(Device ann, int from) throws Exception {
        synchronized (gateway) {
            gateway.messages.clear();
        }
        Digest session = send(ann, "bob", from).session();
        for (int i = 1; i < READINGS; i++) {
            assertThat(send(ann, "bob", from + i).session()).isEqualTo(session);
        }
        synchronized (gateway) {
            assertThat(gateway.messages).hasSize(READINGS + 1);
            return new Stream(session, gateway.messages.get(0), List.copyOf(gateway.messages.subList(1, READINGS + 1)));
        }
    }

    private static List<Bytes> shuffled(List<Bytes> messages, Random random) {
        List<Bytes> order = new ArrayList<>(messages);
        Collections.shuffle(order, random);
        return order;
    }

    private void put(Stream of, Bytes message) {
        int format = message.equals(of.opener()) ? ContentFormat.COSE_SIGN1 : ContentFormat.COSE_ENCRYPT0;
        gateway.put("bob", "ann", of.session(), format, message);
    }

    /** The recipient starts, takes what waits, and ends. */
    private void hear() throws Exception {
        Device bob = keep(Device.await(
                Device.open(temp.resolve("bob"), settings.withClock(new SetClock(now)), threads), LONGEST));
        bob.receive(new InboxListener() {
            @Override
            public void received(Received pack) {
                values.add(pack.contents()
                        .measurements()
                        .get(0)
                        .number()
                        .orElseThrow()
                        .doubleValue());
                late.add(pack.contents().late());
            }

            @Override
            public void unopened(Unopened message) {
                dropped.add(message.reason());
            }
        });
        await().until(() -> gateway.waiting("bob") == 0);
        bob.close();
    }
}
