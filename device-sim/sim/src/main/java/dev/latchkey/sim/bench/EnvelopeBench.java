package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.host.EcProviders;
import dev.latchkey.sim.bench.sealing.SamplePack;
import dev.latchkey.sim.bench.sealing.Sealing;
import dev.latchkey.sim.bench.sealing.Sealings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a sealed pack takes of the air and of a processor: as Latchkey seals it, and as others would. */
final class EnvelopeBench {
    private static final double NANOS_OF_A_MICRO = 1e3;

    /** One way to seal, with what was measured. */
    private static final class Row {
        private final Sealing sealing;
        private final double[] seal;
        private final double[] open;
        private final Bytes[] messages;

        Row(Sealing sealing, int rounds, int batch) {
            this.sealing = sealing;
            this.seal = new double[rounds];
            this.open = new double[rounds];
            this.messages = new Bytes[batch];
        }

        void measure(int round) throws Exception {
            sealing.prepare();
            seal[round] = CallTime.nanos(messages.length, i -> messages[i] = sealing.seal());
            open[round] = CallTime.nanos(messages.length, i -> sealing.open(messages[i]));
        }

        /** @return nanoseconds of CPU that one batch took */
        double warmUp() throws Exception {
            measure(0);
            return (seal[0] + open[0]) * messages.length;
        }
    }

    /** The sizes of a message on its way, in bytes. */
    private record OnAir(int message, int coap, int udp, int datagrams, Frames frames) {}

    private final int rounds;
    private final int batch;
    private final double warmUpSeconds;

    /**
     * @param rounds how often everything is measured, in turns
     * @param batch messages of a kind in each round, at most 200
     * @param warmUpSeconds of CPU time for each kind before that
     */
    EnvelopeBench(int rounds, int batch, double warmUpSeconds) {
        this.rounds = rounds;
        this.batch = batch;
        this.warmUpSeconds = warmUpSeconds;
    }

    void run(Report report) throws Exception {
        EcProviders.install();
        report.screen()
                .phase("sealed messages: a pack of " + SamplePack.CBOR.size()
                        + " bytes as Latchkey seals it, and as others would");
        List<Row> rows = Sealings.all().stream()
                .map(sealing -> new Row(sealing, rounds, batch))
                .toList();
        try (ProgressBar progress = report.screen().progress("measurements", (long) rows.size() * (rounds + 1))) {
            for (Row row : rows) {
                double nanos = 0;
                do {
                    nanos += row.warmUp();
                } while (nanos < warmUpSeconds * 1e9);
                progress.step();
            }
            for (int round = 0; round < rounds; round++) {
                for (Row row : rows) {
                    row.measure(round);
                    progress.step();
                }
            }
        }
        show(report, rows, sizes(rows));
    }

    private List<OnAir> sizes(List<Row> rows) throws Exception {
        List<OnAir> sizes = new ArrayList<>();
        try (SmallLink link = new SmallLink()) {
            int record = recordBytes(link);
            for (Row row : rows) {
                sizes.add(onAir(link, row.sealing, largest(row.messages), record));
            }
        }
        return sizes;
    }

    /** A radio network is laid out for the largest, where sizes vary at all. */
    private static Bytes largest(Bytes... messages) {
        return Arrays.stream(messages)
                .max((first, second) -> Integer.compare(first.size(), second.size()))
                .orElseThrow();
    }

    /** What a DTLS record adds to a CoAP message. The first one is not counted: it comes with the handshake. */
    private static int recordBytes(SmallLink link) throws IOException, InterruptedException {
        Bytes any = SamplePack.CBOR;
        link.post(0, any);
        return link.post(0, any).get(0) - SmallLink.coapBytes(0, any);
    }

    private static OnAir onAir(SmallLink link, Sealing sealing, Bytes message, int record)
            throws IOException, InterruptedException {
        List<Integer> datagrams = link.post(sealing.contentFormat(), message);
        int udp = datagrams.stream().mapToInt(size -> size).sum();
        int coap = udp - datagrams.size() * record;
        if (datagrams.size() == 1 && coap != SmallLink.coapBytes(sealing.contentFormat(), message)) {
            throw new IOException("the datagram of a message has another size than its parts");
        }
        Frames frames = datagrams.stream().map(Frames::of).reduce(new Frames(0, 0), Frames::plus);
        return new OnAir(message.size(), coap, udp, datagrams.size(), frames);
    }

    private static void show(Report report, List<Row> rows, List<OnAir> sizes) {
        Figures figures = new Figures(
                "envelope",
                "sealed as",
                "message B",
                "CoAP B",
                "UDP B",
                "datagrams",
                "802.15.4 B",
                "frames",
                "seal us",
                "open us");
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            OnAir size = sizes.get(i);
            figures.row(
                    row.sealing.title(),
                    size.message,
                    size.coap,
                    size.udp,
                    size.datagrams,
                    size.frames.bytes(),
                    size.frames.count(),
                    micros(row.seal),
                    micros(row.open));
        }
        report.add(figures);
        claims(report, sizes);
    }

    private static double micros(double... nanos) {
        return Math.round(new Samples(nanos).median() / NANOS_OF_A_MICRO * 10) / 10.0;
    }

    private static void claims(Report report, List<OnAir> sizes) {
        OnAir early = sizes.get(0);
        OnAir later = sizes.get(1);
        report.claim("a reading, Partial IV of 1 and 2 bytes", both(early.message, later.message), "45 and 46 B");
        report.claim("the same as UDP payload", both(early.udp, later.udp), "86 and 87 B");
        report.claim(
                "the same as 802.15.4 frame",
                both(early.frames.bytes(), later.frames.bytes()),
                "106 and 107 B of " + Frames.MAX_BYTES);
        report.claim("an opener for one recipient", sizes.get(2).message + " B", "about 225 B");
    }

    private static String both(int first, int second) {
        return first + " and " + second + " B";
    }
}
