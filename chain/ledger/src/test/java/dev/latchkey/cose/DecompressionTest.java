package dev.latchkey.cose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

/** Finds the same points as BouncyCastle, and refuses the same coordinates. */
class DecompressionTest {
    private static final BigInteger P = P256.DOMAIN.getCurve().getField().getCharacteristic();
    private static final BigInteger TOP = BigInteger.ONE.shiftLeft(256);

    @Test
    void agreesOnRandomCoordinates() {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        int points = 0;
        for (int i = 0; i < 4_000; i++) {
            points += agreesOn(new BigInteger(256, random), "seed " + seed) ? 1 : 0;
        }
        assertThat(points).as("about every second x has a point").isBetween(1_700, 2_300);
    }

    @Test
    void agreesOnCoordinatesWithLongRunsOfOnesAndZeros() {
        List<BigInteger> edges = new ArrayList<>(List.of(BigInteger.ZERO, P, TOP.subtract(P)));
        for (int bit = 0; bit <= 256; bit++) {
            edges.add(BigInteger.ONE.shiftLeft(bit));
            edges.add(P.shiftRight(bit));
            edges.add(P.subtract(BigInteger.ONE.shiftLeft(bit)));
            edges.add(P.subtract(BigInteger.ONE.shiftLeft(bit)).mod(TOP));
        }
        for (BigInteger edge : edges) {
            for (int near = -2; near <= 2; near++) {
                BigInteger x = edge.add(BigInteger.valueOf(near));
                if (x.signum() >= 0 && x.compareTo(TOP) < 0) {
                    agreesOn(x, "edge");
                }
            }
        }
    }

    @Test
    void refusesCoordinatesFromTheModulusOn() {
        for (BigInteger x = P; x.compareTo(P.add(BigInteger.valueOf(50))) < 0; x = x.add(BigInteger.ONE)) {
            assertThat(Decompression.y(P256.field(x), true)).isEmpty();
        }
        assertThat(Decompression.y(P256.field(TOP.subtract(BigInteger.ONE)), true))
                .isEmpty();
    }

    private static boolean agreesOn(BigInteger x, String what) {
        Bytes bytes = P256.field(x);
        Optional<Bytes> odd = Decompression.y(bytes, true);
        Optional<Bytes> even = Decompression.y(bytes, false);
        boolean agree = odd.equals(byBouncyCastle(bytes, (byte) 3))
                && even.map(P256::integer).equals(odd.map(y -> P.subtract(P256.integer(y))));
        assertThat(agree).as("%s, x %s", what, bytes).isTrue();
        return odd.isPresent();
    }

    private static Optional<Bytes> byBouncyCastle(Bytes x, byte form) {
        try {
            ECPoint point = P256.DOMAIN
                    .getCurve()
                    .decodePoint(Bytes.concat(Bytes.of(form), x).toArray());
            return Optional.of(Bytes.wrap(point.getAffineYCoord().getEncoded()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
