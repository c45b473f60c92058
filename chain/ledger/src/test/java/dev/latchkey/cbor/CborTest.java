package dev.latchkey.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CborTest {
    private static final int LIMIT = 1 << 20;

    @Test
    void ordersMapKeysByTheirBytesAndNotByLengthFirst() {
        Item map = Cbor.map(
                Cbor.integer(-1),
                Cbor.NULL,
                Cbor.uint(24),
                Cbor.NULL,
                Cbor.text("a"),
                Cbor.NULL,
                Cbor.uint(2),
                Cbor.NULL);
        assertThat(Cbor.encode(map).toHex()).isEqualTo("a402f61818f620f66161f6");
        Item highBytes = Cbor.map(Cbor.uint(200), Cbor.NULL, Cbor.uint(100), Cbor.NULL);
        assertThat(Cbor.encode(highBytes).toHex()).isEqualTo("a21864f618c8f6");
    }

    @Test
    void refusesToBuildAMapWithAKeyTwice() {
        assertThatThrownBy(() -> Cbor.map(Cbor.uint(1), Cbor.NULL, Cbor.uint(1), Cbor.NULL))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cbor.map(Cbor.uint(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTextThatHasNoEncoding() {
        assertThatThrownBy(() -> Cbor.text("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cbor.text("\udc00\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Cbor.encode(Cbor.text("\ud83d\udd11")).toHex()).isEqualTo("64f09f9491");
    }

    @Test
    void everyHalfPrecisionNumberSurvives() throws MalformedCborException {
        for (int half = 0; half <= 0xffff; half++) {
            double value = half(half);
            Bytes expected = Double.isNaN(value) ? Bytes.fromHex("f97e00") : Bytes.fromHex("f9%04x".formatted(half));
            assertThat(Cbor.encode(Cbor.real(value))).isEqualTo(expected);
            assertThat(Cbor.decode(expected, 3).asDouble()).isEqualTo((Double) value);
        }
    }

    @Test
    void realsTakeTheirShortestExactForm() throws MalformedCborException {
        assertThat(hex(Cbor.real(21.5))).isEqualTo("f94d60");
        assertThat(hex(Cbor.real(100_000))).isEqualTo("fa47c35000");
        assertThat(hex(Cbor.real(21.37))).isEqualTo("fb40355eb851eb851f");
        assertThat(hex(Cbor.real(-0.0))).isEqualTo("f98000");
        assertThat(hex(Cbor.real(Double.NaN))).isEqualTo("f97e00");
        assertThat(hex(Cbor.real(Double.longBitsToDouble(0x7ff0_0000_0000_0001L))))
                .isEqualTo("f97e00");
        assertThat(hex(Cbor.real(Double.NEGATIVE_INFINITY))).isEqualTo("f9fc00");
        assertThat(hex(Cbor.real(65504))).isEqualTo("f97bff");
        assertThat(hex(Cbor.real(65536))).isEqualTo("fa47800000");
        assertThat(hex(Cbor.real(0x1p-24))).isEqualTo("f90001");
        assertThat(hex(Cbor.real(0x1p-25))).isEqualTo("fa33000000");
        assertThat(hex(Cbor.real(Float.MIN_VALUE))).isEqualTo("fa00000001");
        assertThat(hex(Cbor.real(Double.MIN_VALUE))).isEqualTo("fb0000000000000001");
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            double value =
                    i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : Float.intBitsToFloat(random.nextInt());
            assertThat(Cbor.decode(Cbor.encode(Cbor.real(value)), 9).asDouble()).isEqualTo((Double) value);
        }
    }

    @Test
    void integersReachOverTheWholeRange() throws MalformedCborException {
        assertThat(hex(Cbor.integer(Long.MIN_VALUE))).isEqualTo("3b7fffffffffffffff");
        assertThat(Cbor.decode(Bytes.fromHex("3b7fffffffffffffff"), 9).asLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(Cbor.decode(Bytes.fromHex("1b7fffffffffffffff"), 9).asUint()).isEqualTo(Long.MAX_VALUE);
        Item beyond = Cbor.decode(Bytes.fromHex("1b8000000000000000"), 9);
        assertThat(refusal(beyond::asUint)).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(refusal(beyond::asLong)).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(beyond.asBigInteger()).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(beyond.asNumber()).isEqualTo(new BigDecimal(BigInteger.ONE.shiftLeft(63)));
        assertThat(hex(beyond)).isEqualTo("1b8000000000000000");
        Item lowest = Cbor.decode(Bytes.fromHex("3bffffffffffffffff"), 9);
        assertThat(lowest.asBigInteger()).isEqualTo(BigInteger.ONE.shiftLeft(64).negate());
        assertThat(hex(lowest)).isEqualTo("3bffffffffffffffff");
        assertThatThrownBy(() -> Cbor.uint(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void decimalFractionsAreExactAndBounded() throws MalformedCborException {
        assertThat(hex(Cbor.decimal(-2, 2137))).isEqualTo("c48221190859");
        assertThat(Cbor.decode(Bytes.fromHex("c48221190859"), 6).asNumber()).isEqualTo(new BigDecimal("21.37"));
        assertThat(Cbor.decimal(400, -1).asNumber()).isEqualByComparingTo(new BigDecimal("-1e400"));
        assertThat(refusal(() -> Cbor.decimal(401, 1).asNumber())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(refusal(() -> Cbor.decimal(-401, 1).asNumber())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(refusal(() -> Cbor.decimal(Long.MIN_VALUE, 1).asNumber())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(refusal(() -> Cbor.real(Double.NaN).asNumber())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(Cbor.real(0.5).asNumber()).isEqualTo(new BigDecimal("0.5"));
    }

    @Test
    void anAccessorRefusesEveryOtherType() {
        Item text = Cbor.text("21");
        assertThat(refusal(text::asUint)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asLong)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asBytes)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asBool)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asArray)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asMap)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asNumber)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(text::asDouble)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(() -> Cbor.uint(1).asText(8))).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refusal(() -> Cbor.integer(-1).asUint())).isEqualTo(Reason.WRONG_TYPE);
    }

    @Test
    void anAccessorRefusesAnotherSize() throws MalformedCborException {
        assertThat(refusal(() -> Cbor.bytes(Bytes.of((byte) 1)).asBytes(2))).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(() -> Cbor.text("é").asText(1))).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(() -> Cbor.text("€€").asText(5))).isEqualTo(Reason.WRONG_SIZE);
        assertThat(Cbor.text("€€").asText(6)).isEqualTo("€€");
        assertThat(refusal(() -> Cbor.array(Cbor.NULL).asArray(2))).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(() -> Cbor.array(Cbor.NULL).asArray(2, 3))).isEqualTo(Reason.WRONG_SIZE);
        assertThat(refusal(() -> Cbor.uint(8).asUint(7))).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void aSequenceHoldsAnyNumberOfItems() throws MalformedCborException {
        assertThat(Cbor.decodeSequence(Bytes.EMPTY, 0)).isEmpty();
        List<Item> items = List.of(Cbor.uint(1), Cbor.text("two"), Cbor.array());
        assertThat(Cbor.decodeSequence(Cbor.encodeSequence(items), LIMIT)).isEqualTo(items);
        assertThat(refusal(() -> Cbor.decodeSequence(Bytes.fromHex("0181"), LIMIT)))
                .isEqualTo(Reason.LENGTH_OUT_OF_INPUT);
    }

    @Test
    void whatIsDecodedCannotBeChanged() throws MalformedCborException {
        Item item = Cbor.decode(Bytes.fromHex("8101"), 2);
        assertThatThrownBy(() -> item.asArray().add(Cbor.NULL)).isInstanceOf(UnsupportedOperationException.class);
        Item map = Cbor.decode(Bytes.fromHex("a10102"), 3);
        assertThatThrownBy(() -> map.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void randomItemsComeBackEqualAndEncodeToTheSameBytes() throws MalformedCborException {
        Random random = new Random(42);
        for (int i = 0; i < 3_000; i++) {
            Item item = RandomItems.next(random, 5);
            Bytes encoded = Cbor.encode(item);
            Item decoded = Cbor.decode(encoded, LIMIT);
            assertThat(decoded).isEqualTo(item).hasSameHashCodeAs(item);
            assertThat(Cbor.encode(decoded)).isEqualTo(encoded);
            assertThat(Cbor.decode(encoded, LIMIT, CborProfile.BOUNDED)).isEqualTo(item);
        }
    }

    @Test
    void noTruncationOfAnItemIsAnItem() {
        Random random = new Random(43);
        for (int i = 0; i < 300; i++) {
            Bytes encoded = Cbor.encode(RandomItems.next(random, 4));
            for (int size = 0; size < encoded.size(); size++) {
                Bytes truncated = encoded.slice(0, size);
                assertThat(catchThrowableOfType(MalformedCborException.class, () -> Cbor.decode(truncated, LIMIT)))
                        .isNotNull();
            }
        }
    }

    @Test
    void mutatedBytesAreEitherRefusedOrDeterministic() {
        Random random = new Random(44);
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = Cbor.encode(RandomItems.next(random, 4)).toArray();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Bytes mutated = Bytes.wrap(bytes);
            try {
                assertThat(Cbor.encode(Cbor.decode(mutated, LIMIT))).isEqualTo(mutated);
                accepted++;
            } catch (MalformedCborException refused) {
                assertThat(refused.reason()).isNotIn(Reason.DECODER_REFUSED, Reason.WRONG_TYPE);
            }
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void noiseIsReadOrRefusedAndNothingElse() {
        Random random = new Random(45);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(24)];
            random.nextBytes(noise);
            CborProfile profile = CborProfile.values()[i % 2];
            try {
                Item item = Cbor.decode(Bytes.of(noise), LIMIT, profile);
                assertThat(Cbor.decode(Cbor.encode(item), LIMIT)).isEqualTo(item);
                read++;
            } catch (MalformedCborException refused) {
                assertThat(refused.reason()).isNotEqualTo(Reason.DECODER_REFUSED);
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    private interface Access {
        Object run() throws MalformedCborException;
    }

    private static Reason refusal(Access access) {
        return catchThrowableOfType(MalformedCborException.class, access::run).reason();
    }

    private static String hex(Item item) {
        return Cbor.encode(item).toHex();
    }

    /** The decoder of RFC 8949, appendix D. */
    private static double half(int half) {
        int exponent = half >> 10 & 0x1f;
        int mantissa = half & 0x3ff;
        double value;
        if (exponent == 0) {
            value = Math.scalb(mantissa, -24);
        } else if (exponent != 31) {
            value = Math.scalb(mantissa + 1024, exponent - 25);
        } else {
            value = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        return (half & 0x8000) != 0 ? -value : value;
    }
}
