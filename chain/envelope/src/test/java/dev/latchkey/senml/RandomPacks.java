package dev.latchkey.senml;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Packs that keep every rule, of all fields, from a seed. */
final class RandomPacks {
    private static final String[] NAMES = {"", "temp", "a/b", "urn:dev:ow:10e2073a01080063:", "2001:db8::2", "x_y.z-1"};
    private static final String[] UNITS = {"Cel", "m/s", "/", "%RH", "lat", "kg/m3"};
    private static final String[] TEXTS = {"", "on", "wörd \"q\" \\ \u0001\n", "😀", "x".repeat(300)};

    private final Random random;

    RandomPacks(long seed) {
        this.random = new Random(seed);
    }

    Pack next() {
        List<Record> records = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            records.add(record(i == 0));
        }
        return new Pack(records);
    }

    BigDecimal number() {
        return switch (random.nextInt(7)) {
            case 0 -> BigDecimal.valueOf(random.nextInt(), random.nextInt(8));
            case 1 -> BigDecimal.valueOf(random.nextLong());
            case 2 -> Numbers.decimal(random.nextGaussian());
            case 3 -> BigDecimal.valueOf(random.nextInt(4_096) / 64.0f);
            case 4 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(781) - 390);
            case 5 -> Numbers.decimal(Float.intBitsToFloat(random.nextInt() & 0xbfffffff));
            default -> BigDecimal.valueOf(random.nextInt(100));
        };
    }

    private Record record(boolean first) {
        Record record = Record.empty().with(Label.NAME, text(NAMES));
        if (first || random.nextInt(4) == 0) {
            record = record.with(Label.BASE_NAME, Value.of("s" + NAMES[random.nextInt(NAMES.length)]));
        }
        record = maybe(record, Label.BASE_UNIT, text(UNITS));
        record = maybe(record, Label.UNIT, text(UNITS));
        record = maybe(record, Label.BASE_VALUE, Value.of(small()));
        record = maybe(record, Label.BASE_SUM, Value.of(small()));
        record = maybe(record, Label.UPDATE_TIME, Value.of(small().abs()));
        record = maybe(record, Label.BASE_TIME, Value.of(BigDecimal.valueOf(1_700_000_000_000L + random.nextInt(), 3)));
        record = maybe(record, Label.TIME, Value.of(BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 3)));
        record = first ? maybe(record, Label.BASE_VERSION, Value.of(BigDecimal.TEN)) : record;
        record =
                random.nextBoolean() ? record : record.at(Instant.ofEpochSecond(1_600_000_000L, random.nextInt(1_000)));
        return switch (random.nextInt(5)) {
            case 0 -> record.with(Label.TEXT_VALUE, text(TEXTS));
            case 1 -> record.with(Label.FLAG_VALUE, Value.of(random.nextBoolean()));
            case 2 -> record.with(Label.DATA_VALUE, Value.of(data()));
            case 3 -> record.with(Label.SUM, Value.of(number()));
            default -> record.with(Label.VALUE, Value.of(number()));
        };
    }

    private BigDecimal small() {
        return BigDecimal.valueOf(random.nextInt(1_000) - 500, random.nextInt(3));
    }

    private Record maybe(Record record, Label label, Value value) {
        return random.nextInt(4) == 0 ? record.with(label, value) : record;
    }

    private Value text(String[] choices) {
        return Value.of(choices[random.nextInt(choices.length)]);
    }

    private Bytes data() {
        byte[] data = new byte[random.nextInt(20)];
        random.nextBytes(data);
        return Bytes.wrap(data);
    }
}
