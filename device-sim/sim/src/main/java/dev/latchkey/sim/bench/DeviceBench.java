package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Units;
import dev.latchkey.device.Device;
import dev.latchkey.device.KeyPurpose;
import dev.latchkey.device.Verification;
import dev.latchkey.host.EcProviders;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.process.Launcher;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What its operations cost a device in bytes and CPU time, next to verifying every block itself. */
final class DeviceBench {
    /** Readings in one go, where one alone is too little to be measured. */
    private static final int BATCH = 20;

    /** Of each device under one checkpoint. */
    private static final int MOST_LOOK_UPS = 12;

    private static final int LOOK_UPS_A_DAY = 24;

    private final Launcher launcher;
    private final int devices;
    private final List<Integer> chains;

    private final Operation join = new Operation("join by a voucher");
    private final Operation connect = new Operation("connect as a member");
    private final Operation toldCold = new Operation("key look-up, delegated, with the first connection");
    private final Operation told = new Operation("key look-up, delegated");
    private final Operation cold = new Operation("key look-up, self-verified, with the first connection");
    private final Operation warm = new Operation("key look-up, self-verified, checkpoint known");
    private final Operation slept = new Operation("key look-up, self-verified, after a sleep");
    private final Operation rotate = new Operation("rotate the kex key");
    private final Operation begin = new Operation("send the first reading: key, opener, reading");
    private final Operation send = new Operation("send a further reading");
    private final Operation take = new Operation("receive a first reading, with its opener");
    private final Operation receive = new Operation("receive a further reading");
    private final Operation fetch = new Operation("fetch a block, unverified");
    /** Mean size of those blocks. */
    private double fetchedBytes;

    /**
     * @param devices how many join; what is measured is done once or more by each
     * @param chains members of the chains that are verified in full
     */
    DeviceBench(Launcher launcher, int devices, List<Integer> chains) {
        this.launcher = launcher;
        this.devices = devices;
        this.chains = chains;
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    void run(Report report) throws Exception {
        EcProviders.install();
        report.screen().phase("devices: " + devices + " against a cloud node and a gateway, one thing at a time");
        try (DeviceTown town = DeviceTown.start(launcher, devices);
                ProgressBar progress = report.screen().progress("operations", 4L * devices - 3)) {
            measure(town, progress);
        }
        Figures figures = Operation.figures();
        List.of(join, connect, toldCold, cold, told, warm, slept, begin, send, take, receive, rotate, fetch)
                .forEach(operation -> operation.addTo(figures));
        report.add(figures);
        compare(report);
    }

    private void measure(DeviceTown town, ProgressBar progress) throws Exception {
        List<Device> members = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            int number = i;
            join.measure(town.relay(), 1, () -> members.add(town.join(number)));
            progress.step();
        }
        DeviceTown.awaitHeight(members.get(0), members.get(devices - 1).recordHeight());
        for (int i = 0; i < devices; i++) {
            Device member = members.get(i);
            member.close();
            int number = i;
            connect.measure(town.relay(), 1, () -> members.set(number, town.open(number, Verification.SELF_VERIFIED)));
            lookUp(town, members, i, Verification.DELEGATED);
            lookUp(town, members, i, Verification.SELF_VERIFIED);
            progress.step();
        }
        Device asking = members.get(0);
        for (int i = 1; i < devices; i++) {
            exchange(town, members.get(i), asking);
            progress.step();
        }
        for (int i = 2; i < devices; i++) {
            rotated(town, members.get(i), members.get(1), asking);
            progress.step();
        }
        long height = DeviceTown.done(asking.checkpoint()).checkpoint().height();
        members.forEach(Device::close);
        fetchBlocks(town, height);
    }

    /** All of them, from the first on; the connection is there before. */
    private void fetchBlocks(DeviceTown town, long height) throws Exception {
        List<Bytes> blocks = new ArrayList<>();
        try (BlockFetch from = town.blocks()) {
            blocks.add(from.block(0));
            for (long next = 1; next <= height; next++) {
                long at = next;
                fetch.measure(town.relay(), 1, () -> blocks.add(from.block(at)));
            }
        }
        BlockFetch.verified(town.chain(), blocks);
        fetchedBytes = blocks.stream().skip(1).mapToInt(Bytes::size).average().orElseThrow();
    }

    /** Connects anew, knowing its own keys and place only, and looks up members whom it has not asked for. */
    private void lookUp(DeviceTown town, List<Device> members, int number, Verification mode) throws Exception {
        boolean delegated = mode == Verification.DELEGATED;
        members.get(number).close();
        town.forget(number);
        String first = DeviceTown.name((number + 1) % devices);
        (delegated ? toldCold : cold).measure(town.relay(), 1, () -> {
            members.set(number, town.open(number, mode));
            DeviceTown.done(members.get(number).key(first, Duration.ZERO));
        });
        for (int other = 2; other < Math.min(devices, MOST_LOOK_UPS); other++) {
            String name = DeviceTown.name((number + other) % devices);
            (delegated ? told : warm)
                    .measure(
                            town.relay(),
                            1,
                            () -> DeviceTown.done(members.get(number).key(name, Duration.ZERO)));
        }
    }

    private void exchange(DeviceTown town, Device sender, Device recipient) throws Exception {
        begin.measure(town.relay(), 1, () -> DeviceTown.done(sender.send(recipient.name(), pack())));
        take.measure(town.relay(), 1, () -> DeviceTown.done(recipient.receive(received -> {}, 1)));
        send.measure(town.relay(), BATCH, () -> {
            for (int i = 0; i < BATCH; i++) {
                DeviceTown.done(sender.send(recipient.name(), pack()));
            }
        });
        receive.measure(town.relay(), BATCH, () -> DeviceTown.done(recipient.receive(received -> {}, BATCH)));
    }

    private void rotated(DeviceTown town, Device rotating, Device watching, Device asking) throws Exception {
        rotate.measure(town.relay(), 1, () -> DeviceTown.done(rotating.rotate(EnumSet.of(KeyPurpose.KEX))));
        DeviceTown.awaitHeight(watching, rotating.recordHeight());
        slept.measure(town.relay(), 1, () -> DeviceTown.done(asking.key(rotating.name(), Duration.ZERO)));
    }

    /** 23 bytes. */
    private static Pack pack() {
        return Pack.at(Instant.now().truncatedTo(ChronoUnit.SECONDS), Record.of("temp", "Cel", new BigDecimal("21.5")));
    }

    private void compare(Report report) throws Exception {
        report.screen().phase("the same by verifying every block, as a gateway does");
        List<Chain> full = new ArrayList<>();
        try (ProgressBar progress = report.screen().progress("chains", chains.size())) {
            for (int members : chains) {
                FullVerification chain = new FullVerification(members);
                full.add(new Chain("the whole chain, joins", members, chain.joins()));
                full.add(new Chain("a day, each rotates its kex key", members, chain.rotations()));
                progress.step();
            }
        }
        Figures figures = new Figures(
                "full-verification",
                "blocks of",
                "members",
                "blocks",
                "blocks B",
                "on the wire B",
                "fetch CPU ms",
                "verify CPU ms",
                "wire B a member",
                "CPU ms a member");
        full.forEach(chain -> row(figures, chain));
        report.add(figures);
        report.claim(
                "key look-up, delegated, of self-verified, bytes; CPU",
                ratio(told.bytes() / (double) warm.bytes()) + "; " + ratio(told.cpuMillis() / warm.cpuMillis()),
                "below 1");
        for (int i = 0; i < full.size(); i += 2) {
            claim(report, "first key look-up, of verifying the chain", 1, cold, full.get(i));
            claim(
                    report,
                    "a day's " + LOOK_UPS_A_DAY + " look-ups, of verifying a day",
                    LOOK_UPS_A_DAY,
                    slept,
                    full.get(i + 1));
        }
    }

    /** Some blocks of a chain with so many members. */
    private record Chain(String what, int members, FullVerification.Stretch blocks) {}

    /** The blocks, and for each of them what a fetched one took beside itself. */
    private double wireBytes(Chain chain) {
        return chain.blocks.bytes() + chain.blocks.blocks() * (fetch.bytes() - fetchedBytes);
    }

    private double fetchMillis(Chain chain) {
        return chain.blocks.blocks() * fetch.cpuMillis();
    }

    private void row(Figures figures, Chain chain) {
        double wire = wireBytes(chain);
        double fetched = fetchMillis(chain);
        figures.row(
                chain.what,
                chain.members,
                chain.blocks.blocks(),
                chain.blocks.bytes(),
                Math.round(wire),
                Math.round(fetched),
                Math.round(chain.blocks.cpuMillis()),
                Math.round(wire / chain.members),
                rounded((fetched + chain.blocks.cpuMillis()) / chain.members));
    }

    private void claim(Report report, String what, int times, Operation operation, Chain full) {
        report.claim(
                what + " of " + Units.count(full.members) + " members, bytes; CPU",
                ratio(times * operation.bytes() / wireBytes(full)) + "; "
                        + ratio(times * operation.cpuMillis() / (fetchMillis(full) + full.blocks.cpuMillis())),
                "far below 1");
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.2f", value);
    }
}
