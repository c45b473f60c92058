package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
                "[{\"bver\":10,\"n\":\"x\",\"v\":1},{\"bver\":5,\"n\":\"x\",\"v\":1}]",
                "[{\"n\":\"x\",\"v\":1},{\"bver\":26,\"n\":\"x\",\"v\":1}]",
                "[{\"bver\":42,\"n\":\"x\",\"v\":1}]",
                "[{\"n\":\"x\",\"v\":1,\"t\":1e30}]",
                "[{\"n\":\"x\",\"v\":1,\"t\":-1e30}]",
                "[{\"n\":\"x\",\"v\":1,\"t\":9223372036.9}]",
                "[{\"n\":\"x\",\"v\":1,\"t\":-1600000000}]",
                "[{\"n\":\"x\",\"bv\":1e300,\"v\":1}]",
                "[{\"n\":\"x\",\"bs\":9223372036854775807,\"s\":1}]",
                "[{\"bn\":\"a b\",\"n\":\"x\",\"v\":1}]",
                "[{\"bn\":\"\u00e4\",\"n\":\"x\",\"v\":1}]",
                "[{\"bn\":\"x\"},{\"v\":1}]",
                "[{\"n\":\"x\",\"u\":\"hPa\",\"v\":1}]",
                "[{\"n\":\"x\",\"bu\":\"km/h\",\"v\":1}]",
                "[{\"bver\":5,\"n\":\"x\",\"u\":\"hPa\",\"v\":1}]"
            })
    void refusesRecordsThatBreakARule(String json) throws Exception {
        Pack pack = pack(json);
        assertThatThrownBy(() -> pack.resolve(NOW)).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void refusesANameThatIsTooLong() throws Exception {
        String base = "b".repeat(254);
        assertThat(pack("[{\"bn\":\"" + base + "\",\"n\":\"x\",\"v\":1}]").resolve(NOW))
                .hasSize(1);
        Pack longer = pack("[{\"bn\":\"" + base + "\",\"n\":\"xy\",\"v\":1}]");
        assertThatThrownBy(() -> longer.resolve(NOW)).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void takesSecondaryUnitsFromAPackOfTheirVersionOnly() throws Exception {
        Pack pack = pack("[{\"bver\":26,\"n\":\"x\",\"u\":\"hPa\",\"v\":1013.25},{\"n\":\"y\",\"v\":2}]");
        assertThat(pack.resolve(NOW).get(0).unit()).contains("hPa");
        assertThat(pack.resolve(NOW).get(0).number()).contains(new BigDecimal("1013.25"));
        assertThat(pack.resolved(NOW).records())
                .allMatch(record -> record.number(Label.BASE_VERSION).equals(Optional.of(new BigDecimal("26"))));
    }

    @Test
    void takesAUnitThatWasRegisteredAfterOurList() throws Exception {
        assertThat(pack("[{\"n\":\"x\",\"u\":\"furlong/fortnight\",\"v\":1}]")
                        .resolve(NOW)
                        .get(0)
                        .unit())
                .contains("furlong/fortnight");
    }

    @Test
    void theUsualVersionMayStandInAnyRecord() throws Exception {
        assertThat(pack("[{\"n\":\"x\",\"v\":1},{\"bver\":10,\"n\":\"y\",\"v\":1}]")
                        .resolve(NOW))
                .hasSize(2);
    }

    @Test
    void aBaseAloneIsTheValueOrTheSum() throws Exception {
        List<Measurement> resolved = pack("[{\"n\":\"a\",\"bv\":4,\"bs\":2},{\"n\":\"b\",\"v\":1},"
                        + "{\"n\":\"c\",\"vs\":\"on\"},{\"n\":\"d\",\"s\":3}]")
                .resolve(NOW);
        assertThat(resolved)
                .extracting(m -> m.value().orElseThrow())
                .containsExactly(
                        Value.of(new BigDecimal("4")),
                        Value.of(new BigDecimal("5")),
                        Value.of("on"),
                        Value.of(new BigDecimal("4")));
        assertThat(resolved)
                .extracting(m -> m.sum().orElseThrow().intValueExact())
                .containsExactly(2, 2, 2, 5);
    }

    @Test
    void recordsComeInTheOrderOfTime() throws Exception {
        assertThat(pack("[{\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"t\":-5,\"v\":1},{\"n\":\"c\",\"v\":1}]")
                        .resolve(NOW))
                .extracting(Measurement::name)
                .containsExactly("b", "a", "c");
    }

    @Test
    void aResolvedPackHasNoBaseFields() throws Exception {
        Pack pack =
                pack("[{\"bver\":10,\"bn\":\"a:\",\"bt\":1700000000,\"bu\":\"V\",\"bv\":1,\"bs\":1,\"n\":\"x\",\"v\":2,"
                        + "\"ut\":60},{\"n\":\"y\",\"t\":-1.5,\"vb\":true}]");
        assertThat(pack.resolved(NOW))
                .isEqualTo(pack("[{\"n\":\"a:y\",\"u\":\"V\",\"t\":1699999998.5,\"vb\":true,\"s\":1},"
                        + "{\"n\":\"a:x\",\"u\":\"V\",\"t\":1700000000,\"v\":3,\"s\":1,\"ut\":60}]"));
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
