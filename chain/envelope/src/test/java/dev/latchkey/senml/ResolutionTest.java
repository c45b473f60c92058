package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolutionTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    private static Pack pack(String json) throws MalformedPackException {
        return Pack.fromJson(Bytes.utf8(json));
    }

    @Test
    void baseFieldsHoldUntilTheyChange() throws Exception {
        List<Measurement> resolved =
                pack("[{\"bn\":\"a:\",\"bu\":\"V\",\"bt\":1700000000,\"bv\":100,\"n\":\"x\",\"v\":1},"
                                + "{\"n\":\"y\",\"u\":\"A\",\"t\":-10,\"v\":2},{\"bn\":\"b:\",\"n\":\"z\",\"t\":5,\"v\":-3}]")
                        .resolve(NOW);
        assertThat(resolved).extracting(Measurement::name).containsExactly("a:y", "a:x", "b:z");
        assertThat(resolved).extracting(m -> m.unit().orElseThrow()).containsExactly("A", "V", "V");
        assertThat(resolved)
                .extracting(m -> m.number().orElseThrow().intValueExact())
                .containsExactly(102, 101, 97);
        assertThat(resolved.get(0).time()).isEqualTo(Instant.ofEpochSecond(1_699_999_990L));
    }

    @Test
    void timesBelowTwoToThe28AreRelativeToNow() throws Exception {
        assertThat(pack("[{\"n\":\"x\",\"v\":1,\"t\":-5.25}]")
                        .resolve(NOW)
                        .get(0)
                        .time())
                .isEqualTo(NOW.minusMillis(5_250));
        assertThat(pack("[{\"n\":\"x\",\"v\":1,\"t\":268435456}]")
                        .resolve(NOW)
                        .get(0)
                        .time())
                .isEqualTo(Instant.ofEpochSecond(268_435_456L));
    }

    @Test
    void timesKeepTheirNanoseconds() throws Exception {
        Instant fine = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);
        Pack pack = Pack.at(fine, Record.of("x", Value.of(BigDecimal.ONE)));
        assertThat(Pack.fromCbor(pack.toCbor()).resolve(NOW).get(0).time()).isEqualTo(fine);
    }

    @Test
    void aSumNeedsNoValue() throws Exception {
        Measurement sum = pack("[{\"n\":\"x\",\"bs\":1,\"s\":2}]").resolve(NOW).get(0);
        assertThat(sum.value()).isEmpty();
        assertThat(sum.sum()).contains(new BigDecimal("3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"v\":1}]",
                "[{\"n\":\"-x\",\"v\":1}]",
                "[{\"n\":\"x y\",\"v\":1}]",
                "[{\"n\":\"x\"}]",
                "[{\"n\":\"x\",\"v\":1,\"vs\":\"1\"}]",
                "[{\"bver\":11,\"n\":\"x\",\"v\":1}]",
                "[{\"bver\":0,\"n\":\"x\",\"v\":1}]",
                "[{\"bver\":10,\"n\":\"x\",\"v\":1},{\"bver\":5,\"n\":\"x\",\"v\":1}]",
                "[{\"n\":\"x\",\"v\":1,\"t\":1e30}]"
            })
    void refusesRecordsThatBreakARule(String json) throws Exception {
        Pack pack = pack(json);
        assertThatThrownBy(() -> pack.resolve(NOW)).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void takesTheVersionWithSecondaryUnits() throws Exception {
        assertThat(pack("[{\"bver\":26,\"n\":\"x\",\"u\":\"hPa\",\"v\":1}]").resolve(NOW))
                .hasSize(1);
    }

    @Test
    void putsTheGivenBaseNameWhereNoneIs() throws Exception {
        assertThat(pack("[{\"n\":\"x\",\"v\":1,\"t\":1700000000}]")
                        .resolveFrom("urn:me:")
                        .get(0)
                        .name())
                .isEqualTo("urn:me:x");
    }

    @Test
    void refusesABaseNameThatIsNotTheGivenOne() throws Exception {
        Pack foreign = pack("[{\"bn\":\"urn:you:\",\"n\":\"x\",\"v\":1,\"t\":1700000000}]");
        assertThatThrownBy(() -> foreign.resolveFrom("urn:me:")).isInstanceOf(MalformedPackException.class);
        Pack later = pack("[{\"n\":\"x\",\"v\":1,\"bt\":1700000000},{\"bn\":\"\",\"n\":\"x\",\"v\":1}]");
        assertThatThrownBy(() -> later.resolveFrom("urn:me:")).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void refusesRelativeTimesOfAPackThatTravelled() throws Exception {
        Pack relative = pack("[{\"n\":\"x\",\"v\":1,\"t\":-5}]");
        assertThatThrownBy(() -> relative.resolveFrom("urn:me:")).isInstanceOf(MalformedPackException.class);
    }
}
