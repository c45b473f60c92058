package dev.latchkey.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictCborTest {
    private static final int LIMIT = 1 << 20;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // What makes cbor-java 0.9 run out of memory, take a huge length for none, or throw something unchecked.
        "9a7fffffff, LENGTH_OUT_OF_INPUT",
        "5a7fffffff, LENGTH_OUT_OF_INPUT",
        "7a7fffffff, LENGTH_OUT_OF_INPUT",
        "ba7fffffff, LENGTH_OUT_OF_INPUT",
        "9a80000000, LENGTH_OUT_OF_INPUT",
        "9b8000000000000000, LENGTH_OUT_OF_INPUT",
        "5b8000000000000000, LENGTH_OUT_OF_INPUT",
        "7b8000000000000000, LENGTH_OUT_OF_INPUT",
        "bb8000000000000001, LENGTH_OUT_OF_INPUT",
        "9bffffffffffffffff, LENGTH_OUT_OF_INPUT",
        "4200, LENGTH_OUT_OF_INPUT",
        "8200, LENGTH_OUT_OF_INPUT",
        "a100, LENGTH_OUT_OF_INPUT",
        // Not in the shortest form.
        "1800, NOT_SHORTEST",
        "1817, NOT_SHORTEST",
        "190018, NOT_SHORTEST",
        "1900ff, NOT_SHORTEST",
        "1a0000ffff, NOT_SHORTEST",
        "1b00000000ffffffff, NOT_SHORTEST",
        "3800, NOT_SHORTEST",
        "5800, NOT_SHORTEST",
        "780161, NOT_SHORTEST",
        "980100, NOT_SHORTEST",
        "b8010000, NOT_SHORTEST",
        "d804820000, NOT_SHORTEST",
        "fa3f800000, NOT_SHORTEST",
        "fa33800000, NOT_SHORTEST",
        "fb3ff0000000000000, NOT_SHORTEST",
        "fb40f86a0000000000, NOT_SHORTEST",
        "fa7f800000, NOT_SHORTEST",
        "fb7ff0000000000000, NOT_SHORTEST",
        "fa7fc00000, NOT_SHORTEST",
        "fb7ff8000000000000, NOT_SHORTEST",
        "f97e01, NOT_SHORTEST",
        "f9fe00, NOT_SHORTEST",
        // Indefinite lengths, breaks, reserved.
        "9f01ff, INDEFINITE_LENGTH",
        "5f4101ff, INDEFINITE_LENGTH",
        "7f6161ff, INDEFINITE_LENGTH",
        "bf0101ff, INDEFINITE_LENGTH",
        "ff, RESERVED",
        "81ff, RESERVED",
        "1c, RESERVED",
        "1f, RESERVED",
        "3f, RESERVED",
        "5d, RESERVED",
        "9e, RESERVED",
        "df00, RESERVED",
        "fc, RESERVED",
        // Maps.
        "a201010101, DUPLICATE_KEY",
        "a202000100, UNSORTED_KEYS",
        "a218c800186400, UNSORTED_KEYS",
        "a302002000181800, UNSORTED_KEYS",
        // Text.
        "62c328, INVALID_UTF8",
        "62c080, INVALID_UTF8",
        "63e08080, INVALID_UTF8",
        "63eda080, INVALID_UTF8",
        "64f0808080, INVALID_UTF8",
        "64f4908080, INVALID_UTF8",
        "61ff, INVALID_UTF8",
        "6180, INVALID_UTF8",
        "61c3, INVALID_UTF8",
        "63e282ac00, TRAILING_BYTES",
        // Simple values and tags.
        "f7, UNKNOWN_SIMPLE_VALUE",
        "e0, UNKNOWN_SIMPLE_VALUE",
        "f3, UNKNOWN_SIMPLE_VALUE",
        "f818, UNKNOWN_SIMPLE_VALUE",
        "f8ff, UNKNOWN_SIMPLE_VALUE",
        "d28440a0f640, UNKNOWN_TAG",
        "c11a514b67b0, UNKNOWN_TAG",
        "c249010000000000000000, UNKNOWN_TAG",
        "d9d9f700, UNKNOWN_TAG",
        "c400, MALFORMED_DECIMAL",
        "c4820140, MALFORMED_DECIMAL",
        "c4826001, MALFORMED_DECIMAL",
        "c483010203, MALFORMED_DECIMAL",
        "c48201f90000, MALFORMED_DECIMAL",
        "c4, TRUNCATED",
        // Too much, too little.
        "0000, TRAILING_BYTES",
        "'', TRUNCATED",
        "18, TRUNCATED",
        "1b00000001000000, TRUNCATED",
        "f97e, TRUNCATED",
        "830102, LENGTH_OUT_OF_INPUT",
    })
    void refuses(String hex, Reason reason) {
        Bytes input = Bytes.fromHex(hex);
        assertThat(refusal(input).reason()).isEqualTo(reason);
    }

    @Test
    void refusesFiveKilobytesOfNestingThatOverflowTheStackOfTheLibrary() {
        byte[] nested = new byte[5000];
        Arrays.fill(nested, (byte) 0x81);
        assertThat(refusal(Bytes.wrap(nested)).reason()).isEqualTo(Reason.TOO_DEEP);
        Arrays.fill(nested, (byte) 0xc4);
        assertThat(refusal(Bytes.wrap(nested)).reason()).isIn(Reason.MALFORMED_DECIMAL, Reason.TOO_DEEP);
    }

    @Test
    void acceptsSixteenLevelsAndNotOneMore() throws MalformedCborException {
        assertThat(Cbor.decode(Bytes.fromHex("81".repeat(16) + "00"), LIMIT).kind())
                .isEqualTo(Item.Kind.ARRAY);
        assertThat(refusal(Bytes.fromHex("81".repeat(17) + "00")).reason()).isEqualTo(Reason.TOO_DEEP);
        assertThat(refusal(Bytes.fromHex("81".repeat(16) + "80")).reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void refusesMoreItemsThanMemoryShouldHold() throws MalformedCborException {
        int most = StrictCbor.MAX_ITEMS;
        assertThat(Cbor.decodeSequence(Bytes.wrap(new byte[most]), LIMIT)).hasSize(most);
        MalformedCborException refused = catchThrowableOfType(
                MalformedCborException.class, () -> Cbor.decodeSequence(Bytes.wrap(new byte[most + 1]), LIMIT));
        assertThat(refused.reason()).isEqualTo(Reason.TOO_MANY_ITEMS);
        assertThat(refused.offset()).hasValue(most);
    }

    @Test
    void refusesAMapOfMoreEntriesThanTheLimit() throws MalformedCborException {
        assertThat(Cbor.decode(mapOf(256), LIMIT).asMap()).hasSize(256);
        assertThat(refusal(mapOf(257)).reason()).isEqualTo(Reason.TOO_MANY_ENTRIES);
    }

    @Test
    void refusesMoreBytesThanTheLimit() throws MalformedCborException {
        Bytes four = Bytes.fromHex("43010203");
        assertThat(Cbor.decode(four, 4).asBytes(3)).isEqualTo(Bytes.of((byte) 1, (byte) 2, (byte) 3));
        MalformedCborException refused = catchThrowableOfType(MalformedCborException.class, () -> Cbor.decode(four, 3));
        assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refused.offset()).isEmpty();
    }

    @Test
    void namesTheOffsetOfTheFault() {
        assertThat(refusal(Bytes.fromHex("8301021800")).offset()).hasValue(3);
        assertThat(refusal(Bytes.fromHex("a202000100")).offset()).hasValue(3);
    }

    @Test
    void takesForeignMapsOnlyInTheBoundedProfile() throws MalformedCborException {
        Bytes unsorted = Bytes.fromHex("a202fb40000000000000000100");
        Item map = Cbor.decode(unsorted, LIMIT, CborProfile.BOUNDED);
        assertThat(map).isEqualTo(Cbor.map(Cbor.uint(1), Cbor.uint(0), Cbor.uint(2), Cbor.real(2)));
        assertThat(Cbor.encode(map).toHex()).isEqualTo("a2010002f94000");
        assertThat(refusal(unsorted).reason()).isEqualTo(Reason.NOT_SHORTEST);
    }

    @ParameterizedTest
    @CsvSource({
        "a201010101, DUPLICATE_KEY",
        "a3010102010102, DUPLICATE_KEY",
        "a2f93c0001fa3f80000001, DUPLICATE_KEY",
        "1800, NOT_SHORTEST",
        "bf0101ff, INDEFINITE_LENGTH",
        "62c328, INVALID_UTF8",
        "0000, TRAILING_BYTES",
        "d28440a0f640, UNKNOWN_TAG",
    })
    void keepsEveryOtherRuleInTheBoundedProfile(String hex, Reason reason) {
        MalformedCborException refused = catchThrowableOfType(
                MalformedCborException.class, () -> Cbor.decode(Bytes.fromHex(hex), LIMIT, CborProfile.BOUNDED));
        assertThat(refused.reason()).isEqualTo(reason);
    }

    @Test
    void utf8IsWhatTheStrictDecoderOfTheJdkAccepts() {
        Random random = new Random(20261122);
        byte[] leads = {0x41, (byte) 0xc2, (byte) 0xe0, (byte) 0xe1, (byte) 0xed, (byte) 0xf0, (byte) 0xf4, (byte) 0x80
        };
        for (int round = 0; round < 60_000; round++) {
            byte[] text = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < text.length; i++) {
                text[i] = random.nextInt(3) == 0
                        ? leads[random.nextInt(leads.length)]
                        : (byte) (random.nextBoolean() ? 0x80 | random.nextInt(64) : random.nextInt(256));
            }
            assertThat(Utf8.isValid(text, 0, text.length))
                    .as(Bytes.of(text).toHex())
                    .isEqualTo(jdkAccepts(text));
        }
    }

    private static boolean jdkAccepts(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Bytes mapOf(int entries) {
        StringBuilder hex = new StringBuilder("b9%04x".formatted(entries));
        for (int i = 0; i < entries; i++) {
            hex.append(Cbor.encode(Cbor.uint(i)).toHex()).append("00");
        }
        return Bytes.fromHex(hex.toString());
    }

    private static MalformedCborException refusal(Bytes input) {
        return catchThrowableOfType(MalformedCborException.class, () -> Cbor.decode(input, LIMIT));
    }
}
