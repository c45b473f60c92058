package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeAlgorithmsTest {
    private static final Bytes KEY = Bytes.fromHex("000102030405060708090a0b0c0d0e0f");
    private static final Bytes NONCE = Bytes.wrap(new byte[AesCcm.NONCE_SIZE]);
    private static final Bytes AAD = Bytes.of((byte) 1, (byte) 2);

    private static Bytes zeros(int size) {
        return Bytes.wrap(new byte[size]);
    }

    @Test
    void opensWhatTheEnvelopeSealed() {
        Bytes plaintext = Bytes.utf8("21.5");
        Bytes sealed = Bytes.wrap(AesCcm.seal(KEY.toArray(), NONCE.toArray(), AAD.toArray(), plaintext.toArray()));
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, NONCE, AAD, sealed)).contains(plaintext);
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, NONCE, Bytes.EMPTY, sealed))
                .isEmpty();
    }

    @Test
    void lengthsOfOtherAlgorithmsOpenNothing() {
        Bytes sealed = zeros(24);
        assertThat(EnvelopeAlgorithms.openAesCcm(zeros(32), NONCE, AAD, sealed)).isEmpty();
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, zeros(12), AAD, sealed)).isEmpty();
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, NONCE, zeros(0xff00), sealed))
                .isEmpty();
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, NONCE, AAD, zeros(0x10000 + 8)))
                .isEmpty();
        assertThat(EnvelopeAlgorithms.openAesCcm(KEY, NONCE, AAD, zeros(7))).isEmpty();
    }

    @Test
    void unwrapsTheExampleOfRfc3394() {
        Bytes wrapped = Bytes.fromHex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
        assertThat(EnvelopeAlgorithms.unwrapA128Kw(KEY, wrapped))
                .contains(Bytes.fromHex("00112233445566778899aabbccddeeff"));
        assertThat(EnvelopeAlgorithms.unwrapA128Kw(NONCE, wrapped)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16, 23, 24, 25, 32, 39, 40, 48})
    void whatIsNoWrappedKeyGivesNone(int size) {
        assertThat(EnvelopeAlgorithms.unwrapA128Kw(KEY, zeros(size))).isEmpty();
    }
}
