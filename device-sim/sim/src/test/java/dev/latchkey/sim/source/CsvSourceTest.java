package dev.latchkey.sim.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvSourceTest {
    private static final CsvColumns SPEED = CsvColumns.of("timestamp", "speed", "m/s");
    private static final String HEADER = "timestamp,speed\n";
    private static final String ROW = "2015-09-01 13:45:00,29.5\n";

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("speed.csv"), content);
    }

    private CsvSource read(String content) throws IOException, UnusableSourceException {
        return CsvSource.read(file(content), SPEED);
    }

    private UnusableSourceException refused(String content) {
        return catchThrowableOfType(UnusableSourceException.class, () -> read(content));
    }

    @Test
    void aRowBecomesAReadingThatIsComparedExactly() throws Exception {
        Source source = read(HEADER + ROW + "2015-09-01 13:50:00,30.25\n");
        assertThat(source.title()).isEqualTo("speed of speed.csv in m/s");
        assertThat(source.observations()).hasSize(2);
        Observation second = source.observations().get(1);
        assertThat(second.origin()).isEqualTo("line 3");
        assertThat(second.at()).isEqualTo(Instant.parse("2015-09-01T13:50:00Z"));
        List<Measurement> arrived = Pack.fromCbor(second.pack().toCbor()).resolveFrom("urn:x:");
        assertThat(second.difference("urn:x:", arrived)).isEmpty();
        assertThat(arrived.get(0).name()).isEqualTo("urn:x:speed");
        assertThat(arrived.get(0).unit()).contains("m/s");
        assertThat(arrived.get(0).number()).contains(new BigDecimal("30.25"));
        assertThat(source.observations().get(0).difference("urn:x:", arrived))
                .contains("line 2: speed is of another time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFtimestamp,speed\n2015-09-01 13:45:00,29.5\n",
                "timestamp,speed\r\n2015-09-01 13:45:00,29.5",
                "speed,note,timestamp\r\n29.50,\"a \"\"b\"\", c\",2015-09-01T13:45Z\r\n",
                "\uFEFF\"timestamp\", speed \n\"2015-09-01T15:45:00+02:00\", 2.95e1 \n\n",
                "timestamp,speed\n1441115100,29.5\n",
                "timestamp,speed\n1441115100.000,+29.5\n",
                "timestamp,speed\n2015-09-01 13:45:00.000 Z,29.5\n"
            })
    void readsWhatSpreadsheetsAndInstrumentsWrite(String content) throws Exception {
        List<Observation> observations = read(content).observations();
        assertThat(observations).hasSize(1);
        assertThat(observations.get(0).at()).isEqualTo(Instant.parse("2015-09-01T13:45:00Z"));
        assertThat(observations.get(0).measurements("x:").get(0).number()).contains(new BigDecimal("29.5"));
    }

    @Test
    void aDateIsItsBeginInUtcAndTimesMayRepeat() throws Exception {
        List<Observation> observations =
                read(HEADER + "2015-09-01,1\n2015-09-01,2\n").observations();
        assertThat(observations).extracting(Observation::at).containsOnly(Instant.parse("2015-09-01T00:00:00Z"));
    }

    @Test
    void linesAreCountedAsAnEditorDoes() throws Exception {
        String content = "timestamp,speed,note\n\n2015-09-01,1,\"two\nlines\"\r\n\r\n2015-09-02,2,\n";
        assertThat(read(content).observations()).extracting(Observation::origin).containsExactly("line 3", "line 6");
        assertThat(refused(content + "2015-09-03,x,\n").line()).hasValue(7);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            delimiter = '|',
            value = {
                "2015-09-01 13:50,fast|speed|\"fast\" is not a number such as",
                "2015-09-01 13:50,|speed|no value: fill it in or leave the row out",
                "2015-09-01 13:50,NaN|speed|\"NaN\" is not a number",
                "2015-09-01 13:50,0x10|speed|is not a number",
                "2015-09-01 13:50,1e999|speed|more digits than a reading carries",
                "2015-09-01 13:50,1.00000000000000000001|speed|more digits than a reading carries",
                "2015-09-01 13:50,\"12,5\"|speed|\"12,5\" is not a number",
                "2015-09-01 13:44,1|timestamp|\"2015-09-01 13:44\" is earlier than line 2: sort the rows by time",
                "yesterday,1|timestamp|\"yesterday\" is not a time: write 2012-01-31",
                ",1|timestamp|is not a time",
                "2015-02-30,1|timestamp|is not a time of the calendar",
                "2015-09-01T24:61,1|timestamp|is not a time of the calendar",
                "1441115100000,1|timestamp|milliseconds",
                "1970-01-01,1|timestamp|before July 1978"
            })
    void aFaultIsNamedWithFileLineAndColumn(String row, String column, String what) {
        UnusableSourceException fault = refused(HEADER + ROW + row + "\n");
        assertThat(fault)
                .hasMessageStartingWith(directory.resolve("speed.csv") + ": line 3, column \"" + column + "\": ")
                .hasMessageContaining(what);
        assertThat(fault.file()).isEqualTo(directory.resolve("speed.csv").toString());
        assertThat(fault.line()).hasValue(3);
        assertThat(fault.column()).contains(column);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            delimiter = '|',
            value = {
                "2015-09-02,1,2|3|2 fields expected, found 3",
                "2015-09-02|3|2 fields expected, found 1",
                "2015-09-02,\"1|3|check the quotes",
                "2015-09-02,\"1\"5|3|check the quotes"
            })
    void aRowThatIsNoRowIsNamedWithItsLine(String row, int line, String what) {
        UnusableSourceException fault = refused(HEADER + ROW + row + "\n");
        assertThat(fault).hasMessageContaining("line " + line + ": ").hasMessageContaining(what);
        assertThat(fault.line()).hasValue(line);
        assertThat(fault.column()).isEmpty();
    }

    @Test
    void damagedFilesAreRefusedOrReadButNeverFail() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = ("\uFEFFtimestamp,speed,\"no\nte\"\r\n" + "2015-09-01 13:45:00,29.5,\"a \"\"b\"\"\"\n".repeat(5))
                .getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("damaged.csv");
        for (int i = 0; i < 1_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 2 == 0 ? whole.length : random.nextInt(whole.length));
            for (int change = random.nextInt(3); change >= 0 && damaged.length > 0; change--) {
                byte other = (byte) (random.nextBoolean() ? ",\"\n\r;9".charAt(random.nextInt(6)) : random.nextInt());
                damaged[random.nextInt(damaged.length)] = other;
            }
            Files.write(file, damaged);
            try {
                for (Observation observation : CsvSource.read(file, SPEED).observations()) {
                    assertThat(observation.measurements("x:"))
                            .as("seed %d", seed)
                            .hasSize(1);
                }
            } catch (UnusableSourceException expected) {
                assertThat(expected).as("seed %d", seed).hasMessageContaining("damaged.csv: ");
            }
        }
    }

    @Test
    void anUnclosedQuoteSwallowsNoRows() {
        assertThat(refused("timestamp,speed,note\n2015-09-01,1,\"a\n2015-09-02,2,b\n"))
                .hasMessageContaining("line 2: not comma-separated values: check the quotes");
        assertThat(refused("timestamp,speed,note\n2015-09-01,1,\"a\nb\"\n\n2015-09-02,2,\"b\n")
                        .line())
                .hasValue(5);
    }

    @Test
    void aMissingColumnIsNamedWithThoseThereAre() {
        assertThat(refused("time,km/h\n2015-09-01,1\n"))
                .hasMessageContaining("column \"timestamp\": there is no such column; there are \"time\", \"km/h\"");
        assertThat(refused("timestamp;speed\n2015-09-01;1\n")).hasMessageContaining("put commas");
        assertThat(refused("timestamp,speed,speed\n2015-09-01,1,2\n")).hasMessageContaining("two columns of this name");
        assertThat(refused("a,".repeat(500) + "\u001b[2J" + "x".repeat(99) + "\n"))
                .hasMessageContaining("and 481 more")
                .hasMessageNotContaining("\u001b");
    }

    @Test
    void anEmptyFileAndOneWithoutRowsAreTold() {
        assertThat(refused("")).hasMessageContaining("the file is empty");
        assertThat(refused("\uFEFF")).hasMessageContaining("the file is empty");
        assertThat(refused(HEADER)).hasMessageContaining("line 1: no row after the header");
        assertThat(refused(HEADER + "\n\n")).hasMessageContaining("no row after the header");
    }

    @Test
    void whatIsNoFileIsTold() {
        assertThatThrownBy(() -> CsvSource.read(directory.resolve("none.csv"), SPEED))
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> CsvSource.read(directory, SPEED))
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("a directory");
    }

    @Test
    void whatIsNotUtf8IsTold() throws Exception {
        Path latin = directory.resolve("latin.csv");
        String many = "timestamp,speed,ort\n" + "2015-09-01,1,Ulm\n".repeat(9_999);
        Files.write(latin, (many + "2015-09-01,1,Köln\n2015-09-01,1,Ulm\n").getBytes(StandardCharsets.ISO_8859_1));
        Path wide = directory.resolve("wide.csv");
        Files.write(wide, (HEADER + ROW).getBytes(StandardCharsets.UTF_16));
        for (Path file : List.of(latin, wide)) {
            assertThatThrownBy(() -> CsvSource.read(file, SPEED))
                    .isInstanceOf(UnusableSourceException.class)
                    .hasMessageContaining(file.equals(latin) ? "line 10001: " : "line 1: ")
                    .hasMessageContaining("save the file as UTF-8");
        }
    }

    @Test
    void aUnitMustBeRegistered() throws Exception {
        Path file = file(HEADER + ROW);
        UnusableSourceException unknown = catchThrowableOfType(
                UnusableSourceException.class, () -> CsvSource.read(file, CsvColumns.of("timestamp", "speed", "mph")));
        assertThat(unknown)
                .hasMessageContaining("the unit \"mph\" is not in the SenML registry: use one of")
                .hasMessageContaining(" m/s ");
        assertThat(unknown.line()).isEqualTo(OptionalInt.empty());
        assertThatThrownBy(() -> CsvSource.read(file, CsvColumns.of("timestamp", "speed", "km/h")))
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("does not convert without loss");
    }

    @Test
    void aSecondaryUnitIsConvertedExactly() throws Exception {
        Path file = file("timestamp,pressure\n2015-09-01,1013.25\n");
        Source source = CsvSource.read(file, new CsvColumns("timestamp", "pressure", "hPa", "p/sea"));
        Measurement measured = source.observations().get(0).measurements("x:").get(0);
        assertThat(measured.name()).isEqualTo("x:p/sea");
        assertThat(measured.unit()).contains("Pa");
        assertThat(measured.number())
                .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo("101325"));
    }

    @Test
    void tooLongFilesRowsAndFieldsAreRefused() throws Exception {
        assertThat(refused(HEADER + "2015-09-01," + "1".repeat(70_000) + "\n")).hasMessageContaining("line 2");
        assertThat(refused(HEADER + "2015-09-01" + ",".repeat(1_500) + "\n")).hasMessageContaining("line 2");
        Path file = file(HEADER + ROW + ROW + ROW);
        long size = Files.size(file);
        assertThat(CsvSource.read(file, SPEED, size, 3).observations()).hasSize(3);
        assertThatThrownBy(() -> CsvSource.read(file, SPEED, size, 2))
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("line 4: more rows than 2");
        assertThatThrownBy(() -> CsvSource.read(file, SPEED, size - 1, 3))
                .isInstanceOf(UnusableSourceException.class)
                .hasMessageContaining("longer than 64 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "ä"})
    void aNameThatAReadingCannotCarryIsRefused(String name) {
        assertThatThrownBy(() -> new CsvColumns("t", "v", "m/s", name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(CsvColumns.of("t", "wind (avg)", "m/s").name()).isEqualTo("value");
    }
}
