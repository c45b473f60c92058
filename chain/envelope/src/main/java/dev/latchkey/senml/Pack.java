package dev.latchkey.senml;

import dev.latchkey.bytes.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A SenML pack: one or more records whose base fields apply to those after them (RFC 8428); immutable. */
public record Pack(List<Record> records) {
    /** Longest pack we read or write in CBOR, in bytes. */
    public static final int MAX_BYTES = 8_192;

    /** Longest pack we read or write in JSON, in bytes: any pack of {@link #MAX_BYTES} in CBOR has room in it. */
    public static final int MAX_JSON_BYTES = 8 * MAX_BYTES;

    /** Most records in one pack. */
    public static final int MAX_RECORDS = 256;

    /** @throws IllegalArgumentException if there is no record, or more than {@link #MAX_RECORDS} */
    public Pack {
        records = List.copyOf(records);
        if (records.isEmpty() || records.size() > MAX_RECORDS) {
            throw new IllegalArgumentException("a pack has 1 to 256 records");
        }
    }

    /** The first time that is a time of its own in SenML: 2^28 seconds after 1970 (RFC 8428, section 4.5.3). */
    public static final Instant EARLIEST = Instant.ofEpochSecond(1L << 28);

    /** The last time: the nanoseconds since 1970 that 64 bits hold. */
    public static final Instant LATEST = Instant.ofEpochSecond(0, Long.MAX_VALUE);

    /**
     * Measurements of one moment: the time stands once, as base time.
     *
     * @throws IllegalArgumentException if the time is none that {@link Record#at} takes
     */
    public static Pack at(Instant time, Record... measured) {
        List<Record> records = new ArrayList<>(List.of(measured));
        if (!records.isEmpty()) {
            records.set(0, records.get(0).put(Label.BASE_TIME, Value.of(Numbers.seconds(time))));
        }
        return new Pack(records);
    }

    /**
     * Reads the CBOR representation (RFC 8428, section 6). Map keys may come in any order; fields that we do not know
     * are passed over unless their name says they must be understood.
     *
     * @throws MalformedPackException if the bytes are no pack or beyond our limits
     */
    public static Pack fromCbor(Bytes cbor) throws MalformedPackException {
        return PackCbor.read(cbor);
    }

    /**
     * The CBOR representation, each number in its shortest exact form.
     *
     * @throws IllegalStateException if it would be longer than {@link #MAX_BYTES}
     */
    public Bytes toCbor() {
        return PackCbor.write(this);
    }

    /**
     * Reads the JSON representation (RFC 8428, section 5).
     *
     * @throws MalformedPackException if the bytes are no pack or beyond our limits
     */
    public static Pack fromJson(Bytes json) throws MalformedPackException {
        return PackJson.read(json);
    }

    /**
     * The JSON representation, without white space.
     *
     * @throws IllegalStateException if it would be longer than {@link #MAX_JSON_BYTES}
     */
    public Bytes toJson() {
        return PackJson.write(this);
    }

    /**
     * What the records mean, in chronological order (RFC 8428, section 4.6).
     *
     * @param now what a time below 2^28 is relative to
     * @throws MalformedPackException if a record breaks a rule of RFC 8428
     */
    public List<Measurement> resolve(Instant now) throws MalformedPackException {
        return new Resolution(Optional.of(now), "").resolve(this);
    }

    /**
     * The pack that says the same without base fields and relative times, in chronological order (RFC 8428, section
     * 4.6); a version stands in it only where it is not the usual one. Resolving it again changes nothing.
     *
     * @param now what a time below 2^28 is relative to
     * @throws MalformedPackException if a record breaks a rule of RFC 8428
     */
    public Pack resolved(Instant now) throws MalformedPackException {
        return ofMeasurements(resolve(now));
    }

    private static Pack ofMeasurements(List<Measurement> measurements) {
        boolean secondary = measurements.stream()
                .anyMatch(each -> each.unit().filter(Units::isSecondary).isPresent());
        List<Record> records = new ArrayList<>();
        for (Measurement measurement : measurements) {
            Record record = measurement.toRecord();
            records.add(secondary ? record.put(Label.BASE_VERSION, Value.of(Resolution.WITH_SECONDARY_UNITS)) : record);
        }
        return new Pack(records);
    }

    /**
     * What the records mean, for a pack that may have travelled for weeks and left out its base name: every time must
     * be absolute, any base name must be the given one, and where there is none the given one stands in its place.
     *
     * @throws MalformedPackException if a record breaks a rule of RFC 8428 or one of these
     */
    public List<Measurement> resolveFrom(String baseName) throws MalformedPackException {
        return new Resolution(Optional.empty(), baseName).resolve(this);
    }

    /** The number of records only: a reading is secret. */
    @Override
    public String toString() {
        return "Pack[" + records.size() + " records]";
    }
}
