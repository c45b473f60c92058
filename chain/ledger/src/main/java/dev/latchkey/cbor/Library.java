package dev.latchkey.cbor;

import co.nstant.in.cbor.CborEncoder;
import co.nstant.in.cbor.CborException;
import co.nstant.in.cbor.model.DataItem;
import co.nstant.in.cbor.model.DoublePrecisionFloat;
import co.nstant.in.cbor.model.HalfPrecisionFloat;
import co.nstant.in.cbor.model.SinglePrecisionFloat;
import java.io.ByteArrayOutputStream;

/** The adapter to {@code co.nstant.in:cbor}: floating-point numbers are written by it. */
final class Library {
    private Library() {}

    /** The shortest encoding that keeps the value. */
    static byte[] encode(double value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new CborEncoder(out).encode(shortest(value));
        } catch (CborException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static DataItem shortest(double value) {
        float single = (float) value;
        if (Double.isNaN(value) || single == value && HalfPrecision.canHold(single)) {
            return new HalfPrecisionFloat(single);
        }
        return single == value ? new SinglePrecisionFloat(single) : new DoublePrecisionFloat(value);
    }
}
