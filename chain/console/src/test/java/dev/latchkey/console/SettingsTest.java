package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @TempDir
    Path dir;

    @Test
    void readsEveryKindOverItsDefault() throws IOException {
        Settings settings = load("""
                listen = "[::1]:0"
                data = data/store
                cloud { addresses = ["a:1", "b:2"], pause = 250ms }
                max-body = 2 kB
                threads = 4
                """);

        assertThat(settings.address("listen")).isEqualTo(new HostPort("::1", 0));
        assertThat(settings.path("data")).isEqualTo(dir.resolve("data/store"));
        assertThat(settings.addresses("cloud.addresses")).containsExactly(new HostPort("a", 1), new HostPort("b", 2));
        assertThat(settings.section("cloud").duration("pause", Duration.ZERO, Duration.ofSeconds(9)))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(settings.bytes("max-body", 0, 1 << 20)).isEqualTo(2000);
        assertThat(settings.integer("threads", 1, 8)).isEqualTo(4);
        assertThat(settings.bool("verify")).isTrue();
    }

    @Test
    void hasDefaultsAlone() {
        Settings settings = Settings.defaults(SettingsTest.class, "reference.conf");

        assertThat(settings.bytes("max-body", 0, 1 << 20)).isEqualTo(65536);
        assertThat(settings.has("data")).isFalse();
        assertThat(settings.optionalPath("data")).isEmpty();
        assertThat(settings.with("data", Path.of("x")).path("data")).isEqualTo(Path.of("x"));
        assertThat(settings.with("listen", new HostPort("h", 1)).address("listen"))
                .hasToString("h:1");
    }

    @Test
    void readsListsOfSections() throws IOException {
        Settings settings = load("""
                chains = [{ id = "00", name = "seattle" }, { id = "01" }]
                """);

        List<Settings> chains = settings.sections("chains", "id", "name");

        assertThat(chains).hasSize(2);
        assertThat(chains.get(0).string("name")).isEqualTo("seattle");
        assertThat(chains.get(1).optionalString("name")).isEmpty();
        refused(() -> chains.get(1).string("name"), "test.conf: chains[1].name is not set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lisen = 1                     | :1: no setting lisen; did you mean listen?",
                "cloud { adresses = [] }       | :1: no setting cloud.adresses; did you mean addresses?",
                "quite-other = 1               | :1: no setting quite-other",
                "cloud = 3                     | :1: cloud must be a section { }",
                "listen = 9443                 | :1: listen must be host:port",
                "listen = \"x:70000\"          | :1: listen must be host:port",
                "data = null                   | : data is not set",
                "cloud.pause = 5               | :1: cloud.pause must be a duration, such as 30 s",
                "cloud.pause = soon            | :1: cloud.pause must be a duration, such as 30 s",
                "cloud.pause = 2 h             | :1: cloud.pause must be 0 ns to 1 min 40 s",
                "max-body = much               | :1: max-body must be a size, such as 64 KiB",
                "max-body = 2 GiB              | :1: max-body must be 1 B to 1.05 MB",
                "threads = 0                   | :1: threads must be 1 to 8",
                "threads = many                | :1: threads must be a whole number",
                "verify = perhaps              | :1: verify must be true or false",
                "chains = [1]                  | :1: chains[0] must be a section { }",
                "chains = [{ idd = 1 }]        | :1: no setting chains[0].idd; did you mean id?",
            })
    void refusesWithFileLineAndKey(String text, String message) {
        refused(() -> readAll(load(text)), "test.conf" + message);
    }

    @Test
    void refusesWhatIsNotHocon() {
        refused(() -> load("listen = \"a"), "test.conf:1: ");
        refused(() -> load("a }"), "test.conf:1: ");
        refused(() -> load("listen = ${nowhere-to-be-found}"), "test.conf:1: ");
    }

    @Test
    void refusesAFileThatIsNotThereOrTooLong() throws IOException {
        refused(
                () -> Settings.load(dir.resolve("none.conf"), SettingsTest.class, "reference.conf"),
                "no settings file");
        refused(() -> load("#".repeat(1 << 21)), "too long");
    }

    @Test
    void refusesToReplaceAnUnknownSetting() {
        Settings settings = Settings.defaults(SettingsTest.class, "reference.conf");
        refused(() -> settings.with("nothing", 1), "no setting nothing");
    }

    private static void readAll(Settings settings) {
        settings.address("listen");
        settings.duration("cloud.pause", Duration.ZERO, Duration.ofSeconds(100));
        settings.bytes("max-body", 1, 1 << 20);
        settings.integer("threads", 1, 8);
        settings.bool("verify");
        settings.sections("chains", "id", "name");
        settings.path("data");
    }

    private Settings load(String text) throws IOException {
        Path file = dir.resolve("test.conf");
        Files.writeString(file, text);
        return Settings.load(file, SettingsTest.class, "reference.conf");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String message) {
        assertThatExceptionOfType(UsageFault.class)
                .isThrownBy(reading)
                .withMessageContaining(message)
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("\n"));
    }
}
