package dev.latchkey.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoseKeyTest {
    /** The key of the COSE working group's examples. */
    private static final String X = "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff";

    private static final String Y = "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";

    @Test
    void hasOneFormOfFortyTwoBytes() throws Exception {
        CoseKey key = CoseKey.fromUncompressed(Bytes.fromHex("04" + X + Y));
        assertThat(key.encode().toHex()).isEqualTo("a401022001215820" + X + "22f4");
        assertThat(key.encode()).isEqualTo(Cbor.encode(key.item()));
        assertThat(CoseKey.decode(key.encode())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(CoseKey.fromItem(Cbor.decode(key.encode(), CoseKey.SIZE))).isEqualTo(key);
        assertThat(key.uncompressed().toHex()).isEqualTo("04" + X + Y);
    }

    /** RFC 9679, section 4: over {1: 2, -1: 1, -2: x, -3: y}, that is, over the uncompressed key. */
    @Test
    void theKidIsTheBeginningOfTheThumbprint() throws Exception {
        CoseKey key = CoseKey.fromUncompressed(Bytes.fromHex("04" + X + Y));
        Digest thumbprint = Digest.sha256(Bytes.fromHex("a401022001215820" + X + "225820" + Y));
        assertThat(key.kid().value()).isEqualTo(thumbprint.bytes().slice(0, 8));
    }

    @Test
    void aKeyIsNotTakenForItsMirrorImageThatWasSeenBefore() throws Exception {
        CoseKey.keepDecoded();
        CoseKey even = CoseKey.decode(Bytes.fromHex("a401022001215820" + X + "22f4"));
        CoseKey odd = CoseKey.decode(Bytes.fromHex("a401022001215820" + X + "22f5"));
        assertThat(even.odd()).isFalse();
        assertThat(odd.odd()).isTrue();
        assertThat(CoseKey.decode(Bytes.fromHex("a401022001215820" + X + "22f4")))
                .isEqualTo(even)
                .isNotEqualTo(odd);
    }

    @Test
    void aRandomKeySurvives() throws Exception {
        for (int i = 0; i < 40; i++) {
            CoseKey key = KeyPair.generate(new SecureRandom()).publicKey();
            assertThat(CoseKey.decode(key.encode())).isEqualTo(key);
            assertThat(CoseKey.fromUncompressed(key.uncompressed())).isEqualTo(key);
        }
    }

    @Test
    void refusesPointsOffTheCurve() {
        refusesUncompressed("04" + X + Y.substring(0, 62) + "7f");
        refusesUncompressed("04" + "00".repeat(64));
        String p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        refusesUncompressed("04" + p + Y);
        refusesUncompressed("04" + X + p);
        refusesUncompressed("05" + X + Y);
        refusesUncompressed("00");
        refusesUncompressed("02" + X);
        refusesUncompressed("04" + X + Y + "00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "02", "04", "06" + X + Y, "07" + X + Y, "02" + X + "00", "04" + X})
    void refusesPointsInNeitherOfTheTwoForms(String sec1) {
        assertThatThrownBy(() -> CoseKey.fromSec1(Bytes.fromHex(sec1))).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void refusesCompressedCoordinatesWithoutAPoint() throws Exception {
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            Bytes encoded = Bytes.concat(
                    Bytes.fromHex("a401022001215820"), P256.field(BigInteger.valueOf(i)), Bytes.fromHex("22f4"));
            try {
                CoseKey key = CoseKey.decode(encoded);
                assertThat(CoseKey.fromUncompressed(key.uncompressed())).isEqualTo(key);
            } catch (MalformedKeyException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(8, 32);
        String p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
        refuses("a401022001215820" + p + "22f4");
        refuses("a401022001215820" + "ff".repeat(32) + "22f4");
    }

    @Test
    void refusesEveryOtherMap() {
        refuses("");
        refuses("a401022001215820" + X + "22f6");
        refuses("a401012001215820" + X + "22f4");
        refuses("a401022002215820" + X + "22f4");
        refuses("a501022001215820" + X + "22f42300");
        refuses("a401022001215820" + X + "225820" + Y);
        refuses("a40102200121581f" + X.substring(2) + "22f4");
        refuses("a401022001215820" + X + "22f400");
    }

    @Test
    void aScalarIsFromOneToTheOrder() throws Exception {
        assertThat(KeyPair.fromScalar(P256.field(BigInteger.ONE))
                        .publicKey()
                        .x()
                        .toHex())
                .isEqualTo("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        assertThatThrownBy(() -> KeyPair.fromScalar(P256.field(BigInteger.ZERO)))
                .isInstanceOf(MalformedKeyException.class);
        assertThatThrownBy(() -> KeyPair.fromScalar(P256.field(P256.N))).isInstanceOf(MalformedKeyException.class);
        assertThatThrownBy(() -> KeyPair.fromScalar(Bytes.of((byte) 1))).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void noTextShowsThePrivatePart() {
        KeyPair pair = KeyPair.generate(new SecureRandom());
        assertThat(pair.toString()).doesNotContain(pair.scalar().toHex());
    }

    private static void refuses(String hex) {
        assertThatThrownBy(() -> CoseKey.decode(Bytes.fromHex(hex))).isInstanceOf(MalformedKeyException.class);
    }

    private static void refusesUncompressed(String hex) {
        assertThatThrownBy(() -> CoseKey.fromUncompressed(Bytes.fromHex(hex)))
                .isInstanceOf(MalformedKeyException.class);
    }
}
