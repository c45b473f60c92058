package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingHeadTest {
    private static final String SEALED = "49000000000000000000";

    @ParameterizedTest
    @CsvSource({"0, 4100", "255, 41ff", "256, 420100", "65535, 42ffff"})
    void thePartialIvIsInItsShortestForm(int partialIv, String hex) throws Exception {
        Bytes reading = Bytes.fromHex("8340a2044401020304" + "06" + hex + SEALED);
        ReadingHead head = ReadingHead.read(reading);
        assertThat(head.partialIv()).isEqualTo(partialIv);
        assertThat(head.sessionTag()).isEqualTo(Bytes.fromHex("01020304"));
        assertThat(head.encode()).isEqualTo(reading);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8340a20444010203040640" + SEALED, // no Partial IV
                "8340a2044401020304064200ff" + SEALED, // not its shortest form
                "8340a204440102030406430100 00" + SEALED, // three bytes
                "8341a0a204440102030406 4100" + SEALED, // h'a0' for an empty protected bucket
                "8343a1010aa204440102030406 4100" + SEALED, // the algorithm in the protected bucket
                "8340a2044301020306 4100" + SEALED, // a tag of three bytes
                "8340a10444010203 04" + SEALED, // one header missing
                "8340a3044401020304064100 1001" + SEALED, // one header too many
                "8340a206410004440102030 4" + SEALED, // headers out of order
                "d08340a20444010203040641 00" + SEALED, // tagged
                "8340a204440102030406410048" + "0000000000000000", // nothing but a tag
                "8340a204440102030406410058 09000000000000000000", // a length not in its shortest form
                "8340a2044401020304064100 590009000000000000000000", // nor here
                "8340a2044401020304064100 5a00000009000000000000000000", // nor here
                "8340a2044401020304064100 5f49000000000000000000ff", // of unknown length
                "8340a2044401020304064100 69000000000000000000", // a text
                "8340a2044401020304064100 4900000000000000000000", // something behind it
                "8440a20444010203040641 00" + SEALED + "80" // a COSE_Encrypt
            })
    void anythingElseIsMalformed(String hex) {
        Bytes reading = Bytes.fromHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> ReadingHead.read(reading)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 23, 24, 255, 256, 4_000})
    void aCiphertextOfAnySizeIsReadAsItWasWritten(int size) throws Exception {
        Bytes ciphertext = Bytes.wrap(new byte[size]);
        ReadingHead head = new ReadingHead(Bytes.fromHex("01020304"), 300, ciphertext);
        assertThat(ReadingHead.read(head.encode())).isEqualTo(head);
    }

    @Test
    void whatIsReadIsTheOneEncodingOfIt() throws Exception {
        byte[] whole = new ReadingHead(Bytes.fromHex("01020304"), 300, Bytes.wrap(new byte[30]))
                .encode()
                .toArray();
        int read = 0;
        for (int at = 0; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                Bytes bytes = Bytes.wrap(changed);
                try {
                    assertThat(ReadingHead.read(bytes).encode()).isEqualTo(bytes);
                    read++;
                } catch (MalformedMessageException e) {
                    assertThat(at).as("a byte with %d", value).isBetween(0, 16);
                }
            }
        }
        assertThat(read).isGreaterThan(256 * 30);
    }

    @Test
    void truncatedFlippedAndRandomReadingsAreRefusedButNeverFail() throws Exception {
        Town town = new Town();
        Opened opened = town.open(town.toBob);
        ReceivingSession session = town.accept(town.bob, opened.opener());
        byte[] whole = opened.session().seal(Town.reading(21.5)).message().toArray();
        for (int cut = 0; cut < whole.length; cut++) {
            Bytes part = Bytes.of(java.util.Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> ReadingHead.read(part)).isInstanceOf(MalformedMessageException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> session.open("ann", Bytes.of(flipped), Town.NOW))
                    .isInstanceOf(RefusedMessageException.class);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> ReadingHead.read(Bytes.of(bytes)))
                    .as("seed %d", seed)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void anOversizedReadingIsMalformed() {
        Bytes reading = new ReadingHead(Bytes.fromHex("01020304"), 0, Bytes.wrap(new byte[9_000])).encode();
        assertThatThrownBy(() -> ReadingHead.read(reading)).isInstanceOf(MalformedMessageException.class);
    }
}
