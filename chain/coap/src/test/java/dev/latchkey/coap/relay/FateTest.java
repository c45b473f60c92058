package dev.latchkey.coap.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the relay does to many datagrams: decided by the seed, and never more than it was told. */
class FateTest {
    private static final int DATAGRAMS = 400;
    private static final Impairment BAD = Impairment.NONE.withLoss(0.3).withDuplication(0.3);

    /** What arrives of the first client's, in its order, when others send in between. */
    private static List<String> fate(long seed, int others) throws Exception {
        try (RelayLab lab = new RelayLab(seed)) {
            lab.relay.impair(BAD, Impairment.NONE);
            DatagramSocket first = lab.socket();
            List<DatagramSocket> more = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                more.add(lab.socket());
            }
            long sent = 0;
            for (int i = 0; i < DATAGRAMS; i++) {
                lab.send(first, "first " + i);
                sent++;
                for (DatagramSocket other : more) {
                    lab.send(other, "other " + i);
                    sent++;
                }
            }
            return lab.drain(sent).stream()
                    .filter(text -> text.startsWith("first"))
                    .toList();
        }
    }

    @Test
    void theSameSeedDecidesTheSameWhateverOthersSend() throws Exception {
        List<String> fate = fate(5, 0);
        assertThat(fate(5, 0)).isEqualTo(fate);
        assertThat(fate(5, 2)).isEqualTo(fate);
        assertThat(fate(6, 0)).isNotEqualTo(fate);
    }

    @Test
    void sharesAreWhatWasAskedFor() {
        Dice dice = new Dice(9);
        int lost = 0;
        for (int client = 0; client < 100; client++) {
            for (int number = 0; number < 1_000; number++) {
                lost += dice.of(client, number % 2 == 0, number).roll() < 0.1 ? 1 : 0;
            }
        }
        assertThat(lost).isBetween(9_500, 10_500);
    }

    @Test
    void nothingIsInventedAndEveryDatagramIsAccountedFor() throws Exception {
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            Impairment impairment = Impairment.NONE
                    .withLoss(random.nextDouble() / 2)
                    .withDuplication(random.nextDouble())
                    .withReordering(random.nextDouble())
                    .withDelay(Duration.ZERO, Duration.ofMillis(random.nextInt(5)))
                    .withMtu(100 + random.nextInt(100));
            try (RelayLab lab = new RelayLab(seed)) {
                lab.relay.impair(impairment, Impairment.NONE);
                lab.relay.rebindEvery(random.nextInt(20));
                DatagramSocket client = lab.socket();
                List<String> sent = new ArrayList<>();
                for (int i = 0; i < DATAGRAMS; i++) {
                    String text = i + " " + "x".repeat(random.nextInt(200));
                    sent.add(text);
                    lab.send(client, text);
                }
                List<String> arrived = lab.drain(DATAGRAMS);
                assertThat(arrived).as("seed %d", seed).isSubsetOf(sent).allSatisfy(text -> {
                    assertThat(text.length()).isLessThanOrEqualTo(impairment.mtu());
                    assertThat(Collections.frequency(arrived, text)).isLessThanOrEqualTo(2);
                });
                Traffic up = lab.relay.up();
                assertThat(arrived.size() - new HashSet<>(arrived).size()).isLessThanOrEqualTo((int) up.duplicated());
                assertThat(up.passedBytes())
                        .isEqualTo(arrived.stream().mapToLong(String::length).sum());
                assertThat(up.sentBytes())
                        .isEqualTo(sent.stream().mapToLong(String::length).sum());
            }
        }
    }

    @Test
    void withoutImpairmentEachClientsDatagramsArriveInTheirOrder() throws Exception {
        try (RelayLab lab = new RelayLab(1)) {
            List<DatagramSocket> clients = new ArrayList<>();
            List<List<String>> sent = new ArrayList<>();
            for (int c = 0; c < 5; c++) {
                clients.add(lab.socket());
                sent.add(new ArrayList<>());
            }
            for (int i = 0; i < DATAGRAMS; i++) {
                int c = i % 5;
                sent.get(c).add(c + " " + i);
                lab.send(clients.get(c), c + " " + i);
            }
            List<String> arrived = lab.drain(DATAGRAMS);
            for (int c = 0; c < 5; c++) {
                String prefix = c + " ";
                assertThat(arrived.stream().filter(text -> text.startsWith(prefix)))
                        .isEqualTo(sent.get(c));
            }
        }
    }
}
