package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Pack;
import java.time.Instant;

/** The pack that is sealed: one temperature with its name, unit and absolute time. Stateless. */
public final class SamplePack {
    /** When it was measured, and when it is opened. */
    static final Instant NOW = Instant.ofEpochSecond(1_795_305_600L);

    /** {@code [{-3: 1795305600, 0: "temp", 1: "Cel", 2: 21.5}]}, 23 bytes. */
    public static final Bytes CBOR = Bytes.fromHex("81a4221a6b023080006474656d70016343656c02f94d60");

    private SamplePack() {}

    /** The same as SenML JSON, 49 bytes. */
    public static Bytes json() {
        try {
            return Pack.fromCbor(CBOR).toJson();
        } catch (MalformedPackException e) {
            throw new IllegalStateException("the sample is sound", e);
        }
    }
}
