package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    /** Table 1 of RFC 8428 section 12.1, and the units that RFC 8798 section 2 adds. */
    private static final String PRIMARY = "m kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv"
            + " kat m2 m3 l m/s m/s2 m3/s l/s W/m2 cd/m2 bit bit/s lat lon pH dB dBW Bspl count / % %RH %EL EL 1/s 1/min"
            + " beat/min beats S/m B VA VAs var vars J/m kg/m3 deg";

    /** Table 2 of RFC 8798, section 3. */
    private static final String SECONDARY = "ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh Wh/km KiB GB Mbit/s B/s"
            + " MB/s mV mA dBm ug/m3 mm/h m/h ppm /100 /1000 hPa mm cm km km/h";

    @Test
    void theUnitsOfTheRfcsAreThere() {
        assertThat(PRIMARY.split(" ")).allMatch(Units::isPrimary).noneMatch(Units::isSecondary);
        assertThat(SECONDARY.split(" ")).allMatch(Units::isSecondary).noneMatch(Units::isPrimary);
        assertThat(Units.recommended()).isSubsetOf(PRIMARY.concat(" NTU").split(" "));
        assertThat(Units.recommended()).contains("Cel", "%RH", "/").doesNotContain("%", "deg");
    }

    @ParameterizedTest
    @CsvSource({
        "hPa, 1013.25, Pa, 101325",
        "mm, 10.9, m, 0.0109",
        "dBm, 14, dBW, -16",
        "ug/m3, 12.5, kg/m3, 0.0000000125",
        "kWh, 0.5, J, 1800000",
        "KiB, 3, B, 3072",
        "ppm, 415.2, /, 0.0004152"
    })
    void aSecondaryUnitBecomesItsPrimaryOneExactly(String unit, BigDecimal value, String primary, BigDecimal expected) {
        Units.Conversion conversion = Units.conversion(unit).orElseThrow();
        assertThat(conversion.unit()).isEqualTo(primary);
        assertThat(conversion.apply(value)).isEqualByComparingTo(expected);
        assertThat(Units.isPrimary(conversion.unit())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"km/h", "m/h", "mm/h", "Cel", "furlong"})
    void whatNoDecimalConvertsHasNoConversion(String unit) {
        assertThat(Units.conversion(unit)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"furlong", "hPa", "cel", "°C", ""})
    void onlyPrimaryUnitsAreWritten(String unit) {
        assertThatThrownBy(() -> Record.of("x", unit, BigDecimal.ONE)).isInstanceOf(IllegalArgumentException.class);
    }
}
