package dev.latchkey.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.AnyBytesClient;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.transaction.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Attacks on one gateway process, each beside an honest member whose answers are timed. What is to be below twice what it
 * is in peace is printed, and asserted with room for a busy machine.
 */
@Isolated("takes times")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostilityTest {
    private static final long SEED = 20_261_122;
    private static final int HEAP_MEBIBYTES = 128;
    private static final long KEPT_BYTES = 24L << 20;
    private static final Duration ATTACK = Duration.ofMillis(600);
    private static final int TIMES_SLOWER = 10;
    /** What a busy machine, or one datagram lost in its buffers, may add: to the median, to the 99th percentile. */
    private static final long MEDIAN_NOISE_MICROS = 100_000;

    private static final long NOISE_MICROS = 4_000_000;

    private final Random random = new Random(SEED);
    private Siege siege;
    private Pulse pulse;
    private InetSocketAddress gateway;
    private long peaceMicros;
    private long peaceMedianMicros;
    private long heapBefore;
    private Map<String, Long> before;

    @BeforeAll
    void begins(@TempDir Path directory) throws Exception {
        siege = new Siege(
                directory,
                HEAP_MEBIBYTES,
                "coap.handshakes = 100",
                "coap.handshakes-per-address = 10",
                "coap.handshake-time = 2 s",
                "coap.hellos-per-second = 700",
                "coap.hellos-per-second-per-address = 300",
                "coap.request-burst = 200",
                "coap.observations = 20",
                "coap.observations-per-connection = 8",
                "coap.transfer-time = 1 s",
                "coap.quiet-voucher = 1 s");
        gateway = siege.gateway.address();
        pulse = siege.closing(new Pulse(siege.device("d-1", siege.member("d-1"))));
        await().until(() -> pulse.count() > 300);
        pulse.reset();
        await().until(() -> pulse.count() > 200);
        peaceMicros = pulse.micros(0.99);
        peaceMedianMicros = pulse.micros(0.5);
        heapBefore = siege.liveHeap();
    }

    @BeforeEach
    void counts() throws Exception {
        before = siege.figures();
        pulse.reset();
    }

    /** After all attacks nothing of them is left. */
    @AfterAll
    void ends() throws Exception {
        try {
            await().until(() -> siege.figure("coap_handshakes_pending") == 0 && siege.figure("coap_transfers") == 0);
            long kept = siege.liveHeap() - heapBefore;
            System.out.println("hostility: " + kept / 1024 + " KiB of heap more than before all attacks");
            assertThat(kept).isLessThan(KEPT_BYTES);
            // Strangers write no log.
            assertThat(siege.log()).hasSizeLessThan(20);
        } finally {
            siege.close();
        }
    }

    private long rise(String name) throws Exception {
        return rise(siege.figures(), name);
    }

    private long rise(Map<String, Long> now, String name) {
        String metric = "latchkey_gateway_coap_" + name;
        return now.get(metric) - before.get(metric);
    }

    private static long soon() {
        return System.nanoTime() + ATTACK.toNanos();
    }

    /** Was served all the time, and not much later than in peace. */
    private void theHonestMemberWasServed(String attack) {
        await().until(() -> pulse.count() > 100);
        long micros = pulse.micros(0.99);
        System.out.printf(
                "hostility: %s: p99 of an honest session %d us, %.2f of peace%n",
                attack, micros, (double) micros / peaceMicros);
        assertNotMuchLater(pulse);
    }

    private void assertNotMuchLater(Pulse member) {
        assertThat(member.micros(0.5)).isLessThan(Math.max(TIMES_SLOWER * peaceMedianMicros, MEDIAN_NOISE_MICROS));
        assertThat(member.micros(0.99)).isLessThan(Math.max(TIMES_SLOWER * peaceMicros, NOISE_MICROS));
    }

    private void strangers(String attack, int perSecond, Supplier<Bytes> datagrams, boolean silent) throws Exception {
        try (Strangers strangers = new Strangers(gateway, random)) {
            strangers.flood(soon(), perSecond, datagrams);
            theHonestMemberWasServed(attack);
            strangers.finish();
            System.out.println("hostility: " + attack + ": " + strangers);
            assertThat(strangers.worst()).isLessThanOrEqualTo(1.0);
            assertThat(strangers.answers() == 0).isEqualTo(silent);
        }
        assertThat(rise("handshakes_begun_total")).isZero();
        assertThat(siege.figure("coap_handshakes_pending")).isZero();
    }

    private Bytes anything(int size) {
        return Flight.random(random, size);
    }

    @Test
    void spoofedHellosGetNoMoreThanTheySentAndLeaveNothing() throws Exception {
        strangers(
                "spoofed hellos",
                4_000,
                () -> random.nextBoolean()
                        ? Flight.shortHello(anything(32))
                        : Flight.hello(Flight.DTLS_1_2, anything(32), Bytes.EMPTY, random.nextInt(900)),
                false);
        assertThat(rise("hellos_refused_total")).isPositive();
    }

    @Test
    void aHelloWithAForgedCookieOrAnotherVersionBeginsNothing() throws Exception {
        int[] versions = {0xfefd, 0xfeff, 0xfefc, 0xfe00, 0x0303, 0x0304, 0x0000, 0xffff, 0x0100};
        strangers(
                "forged cookies, other versions",
                1_000,
                () -> Flight.hello(versions[random.nextInt(versions.length)], anything(32), anything(32), 0),
                false);
    }

    @Test
    void garbageGetsNoAnswer() throws Exception {
        strangers("garbage", 4_000, this::garbage, true);
        assertThat(rise("records_dropped_total")).isPositive();
    }

    private Bytes garbage() {
        Bytes fragment = anything(random.nextInt(300));
        return switch (random.nextInt(4)) {
            case 0 -> anything(1 + random.nextInt(100));
            case 1 -> Flight.record(20 + random.nextInt(7), Flight.DTLS_1_2, random.nextInt(9), fragment);
            case 2 -> Flight.recordOf(anything(6), random.nextInt(99), fragment);
            // Several records in one datagram.
            default ->
                Bytes.concat(
                        Flight.record(21, Flight.DTLS_1_2, 0, Bytes.fromHex("0228")),
                        Flight.hello(Flight.DTLS_1_2, anything(32), Bytes.EMPTY, 0),
                        Flight.record(23, 0xfefc, 1, fragment));
        };
    }

    @Test
    void fragmentsOfAFirstFlightAreNotKept() throws Exception {
        strangers("fragments", 3_000, this::fragment, true);
    }

    /** Announces up to 16 MiB, overlaps, or lies about what is there. */
    private Bytes fragment() {
        Bytes body = Flight.helloBody(Flight.DTLS_1_2, anything(32), Bytes.EMPTY, 0);
        int from = random.nextInt(body.size() / 2);
        Bytes part = body.slice(from, from + 1 + random.nextInt(body.size() / 2));
        int whole = random.nextBoolean() ? body.size() : 0xffffff;
        Bytes message = Flight.message(Flight.CLIENT_HELLO, 0, whole, from, part);
        return Flight.record(
                Flight.HANDSHAKE,
                Flight.DTLS_1_2,
                0,
                random.nextBoolean() ? message : message.slice(0, 1 + random.nextInt(message.size() - 1)));
    }

    @Test
    void whoStallsHandshakesKeepsNobodyOutAndIsForgotten() throws Exception {
        List<Strangers.Verified> stalled = new ArrayList<>();
        try {
            InetAddress one = Strangers.address(random);
            for (int i = 0; i < 300; i++) {
                InetAddress from = i < 60 ? one : Strangers.address(random);
                Optional<Strangers.Verified> next = Strangers.verified(gateway, from, random);
                next.ifPresent(stalled::add);
            }
            assertThat(siege.figure("coap_handshakes_pending")).isBetween(1L, 100L);
            assertThat(rise("handshakes_refused_total")).isPositive();
            TestDevice newcomer = siege.device("d-2", siege.member("d-2"));
            assertThat(newcomer.get("/p").code().isSuccess()).isTrue();
            theHonestMemberWasServed("stalled handshakes");
        } finally {
            for (Strangers.Verified one : stalled) {
                one.close();
            }
        }
        await().until(() -> siege.figure("coap_handshakes_pending") == 0);
        Map<String, Long> after = siege.figures();
        assertThat(rise(after, "handshakes_completed_total") + rise(after, "handshakes_failed_total"))
                .isEqualTo(rise(after, "handshakes_begun_total"));
    }

    @Test
    void oversizeAndEndlessHandshakeMessagesAreGivenUp() throws Exception {
        for (int i = 0; i < 40; i++) {
            try (Strangers.Verified peer = Strangers.verified(gateway, Strangers.address(random), random)
                    .orElseThrow()) {
                switch (i % 4) {
                    case 0 -> certificate(peer, 0xffffff, 1); // announces 16 MiB
                    case 1 -> certificate(peer, 60_000, 50); // sends 50 KB of it
                    case 2 -> certificate(peer, 2_000, 1); // never sends the rest
                    default -> tooEarly(peer);
                }
            }
        }
        theHonestMemberWasServed("oversize handshakes");
        assertThat(rise("handshakes_begun_total")).isPositive();
        assertThat(rise("handshakes_completed_total")).isZero();
        await().until(() -> siege.figure("coap_handshakes_pending") == 0);
    }

    private void certificate(Strangers.Verified peer, int whole, int parts) throws Exception {
        for (int i = 0; i < parts; i++) {
            Bytes message = Flight.message(Flight.CERTIFICATE, 2, whole, i * 1_000, anything(1_000));
            peer.send(Flight.record(Flight.HANDSHAKE, Flight.DTLS_1_2, 2 + i, message));
        }
    }

    /** Messages that a later one has to come before, and records of keys that are not there yet. */
    private void tooEarly(Strangers.Verified peer) throws Exception {
        for (int i = 0; i < 40; i++) {
            Bytes message = Flight.message(Flight.CERTIFICATE, 3 + i, 1_000, 0, anything(1_000));
            peer.send(Flight.record(Flight.HANDSHAKE, Flight.DTLS_1_2, 100 + i, message));
        }
    }

    @Test
    void forgedAndReplayedRecordsDoNotCutASessionOff() throws Exception {
        Identity identity = siege.member("d-3");
        try (Tap tap = new Tap(gateway);
                Pulse victim =
                        new Pulse(TestDevice.member("d-3", identity, siege.network, tap.address(), siege.threads))) {
            await().until(() -> victim.count() > 50);
            victim.reset();
            long until = soon();
            try (Strangers elsewhere = new Strangers(gateway, random)) {
                while (System.nanoTime() < until) {
                    List<Bytes> seen = tap.seen();
                    Bytes record = seen.get(random.nextInt(seen.size()));
                    elsewhere.flood(
                            System.nanoTime() + 2_000_000,
                            2_000,
                            () -> random.nextInt(4) == 0 ? record : forged(record));
                    tap.sendAsDevice(forged(record));
                }
                assertThat(victim.count()).isPositive();
                System.out.println(
                        "hostility: forged records: p99 of the session that is forged " + victim.micros(0.99) + " us");
                elsewhere.finish();
                assertThat(elsewhere.answers()).isZero();
            }
            await().until(() -> victim.count() > 100);
            assertNotMuchLater(victim);
        }
        assertThat(rise("mac_errors_total")).isPositive();
        assertThat(rise("records_dropped_total")).isPositive();
        theHonestMemberWasServed("forged records");
    }

    /** With a later number, or it would be a repetition, and one bit of its end turned. */
    private Bytes forged(Bytes record) {
        byte[] bytes = record.toArray();
        bytes[8] ^= (byte) (1 + random.nextInt(3));
        bytes[bytes.length - 1] ^= 1;
        return Bytes.wrap(bytes);
    }

    /** CON with a token of two bytes, code, message id, then options in hexadecimal digits. */
    private static Bytes message(int code, int id, String options) {
        return Bytes.fromHex(String.format("42%02x%04x%04x%s", code, id, id, options));
    }

    private AnyBytesClient attacker(String name) throws Exception {
        AnyBytesClient attacker = siege.closing(
                new AnyBytesClient(new ClientIdentity.RawKey(siege.member(name).dtls()), gateway));
        attacker.send(message(1, 1, "b170")); // GET /p
        assertThat(attacker.answer(10_000)).isPresent();
        return attacker;
    }

    private static String code(AnyBytesClient attacker) throws Exception {
        int code = attacker.answer(10_000).orElseThrow().get(1) & 0xff;
        return (code >> 5) + "." + String.format("%02d", code & 0x1f);
    }

    @Test
    void uploadsAndAnswersThatAreNeverFinishedAreForgotten() throws Exception {
        AnyBytesClient attacker = attacker("a-1");
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // POST /m?i=.., Block1 0 with more to come, 16 bytes.
            attacker.send(message(
                    2,
                    100 + i,
                    String.format("b16d44693d%02x%02xc108ff", 0x30 + i / 10, 0x30 + i % 10) + "00".repeat(16)));
            codes.add(code(attacker));
        }
        assertThat(codes).contains("2.31", "4.29");
        assertThat(rise("uploads_refused_total")).isEqualTo(36);
        for (int i = 0; i < 40; i++) {
            // GET /.well-known/core?i=.. in blocks of 16 bytes, of which only the first is asked for.
            attacker.send(message(
                    1,
                    200 + i,
                    "bb2e77656c6c2d6b6e6f776e04636f7265"
                            + String.format("44723d%02x%02x8100", 0x30 + i / 10, 0x30 + i % 10)));
            code(attacker);
        }
        assertThat(siege.figure("coap_transfers")).isBetween(1L, 8L);
        theHonestMemberWasServed("half-open transfers");
        await().until(() -> siege.figure("coap_transfers") == 0);
    }

    @Test
    void observationsAreNotHoarded() throws Exception {
        assertThat(siege.figure("coap_observations")).isZero();
        List<AnyBytesClient> attackers = List.of(attacker("a-2"), attacker("a-4"), attacker("a-5"));
        long[] running = {8, 16, 20};
        for (int each = 0; each < attackers.size(); each++) {
            for (int i = 0; i < 100; i++) {
                attackers.get(each).send(message(1, 300 + i, "6051" + "68")); // Observe 0, GET /h
                assertThat(code(attackers.get(each))).isEqualTo("2.05");
            }
            assertThat(siege.figure("coap_observations")).isEqualTo(running[each]);
        }
        assertThat(rise("observations_refused_total")).isEqualTo(92 + 92 + 96);
        for (AnyBytesClient attacker : attackers) {
            attacker.close();
        }
        theHonestMemberWasServed("observation hoarding");
    }

    @Test
    void tokensAndExchangesRunOutForWhoWastesThem() throws Exception {
        AnyBytesClient attacker = attacker("a-3");
        for (int i = 0; i < 1_500; i++) {
            attacker.send(Bytes.fromHex(String.format("5801%04x%016xb170", 1_000 + i, (long) i))); // NON
        }
        await().until(() -> rise("rate_limited_total") > 0);
        assertThat(siege.figure("coap_requests_in_flight")).isLessThan(100);
        theHonestMemberWasServed("token exhaustion");
    }

    @Test
    void whoOnlyHoldsAVoucherDoesNotStay() throws Exception {
        TestDevice holder = siege.closing(
                TestDevice.holder(siege.network.voucher("d-*", 1), siege.network, gateway, siege.threads));
        assertThat(holder.get("/p").code().isSuccess()).isTrue();
        await().until(() -> rise("connections_expired_total") == 1);
        assertThat(holder.get("/p").code().isSuccess()).isTrue();
    }
}
