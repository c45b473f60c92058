package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsLayersTest {
    private static final String PREFIX = "LATCHKEY_TEST_";

    @TempDir
    Path dir;

    @Test
    void theEnvironmentGoesOverTheFile() throws IOException {
        Settings settings = file("threads = 3\nmax-body = 1 KiB")
                .withEnvironment(
                        Map.of(
                                "LATCHKEY_TEST_THREADS", "4",
                                "LATCHKEY_TEST_CLOUD_PAUSE", " 250 ms ",
                                "LATCHKEY_TEST_CLOUD_ADDRESSES", "a:1, b:2",
                                "LATCHKEY_TEST_CHAINS", "[{ id = x }]",
                                "LATCHKEY_TEST_DATA", "",
                                "LATCHKEY_JAVA", "17"),
                        PREFIX);

        assertThat(settings.integer("threads", 1, 8)).isEqualTo(4);
        assertThat(settings.bytes("max-body", 1, 4096)).isEqualTo(1024);
        assertThat(settings.duration("cloud.pause", Duration.ZERO, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(settings.addresses("cloud.addresses")).containsExactly(new HostPort("a", 1), new HostPort("b", 2));
        assertThat(settings.sections("chains", "id").get(0).string("id")).isEqualTo("x");
        assertThat(settings.has("data")).isFalse();
        assertThat(settings.all().get("threads").origin()).isEqualTo(Setting.Origin.ENVIRONMENT);
        assertThat(settings.all().get("max-body").origin()).isEqualTo(Setting.Origin.FILE);
        assertThat(settings.all().get("verify").origin()).isEqualTo(Setting.Origin.DEFAULT);
    }

    @Test
    void aVariableThatIsNoSettingIsRefusedByName() throws IOException {
        Settings settings = file("");

        assertThatThrownBy(() -> settings.withEnvironment(Map.of("LATCHKEY_TEST_TREADS", "4"), PREFIX))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("LATCHKEY_TEST_TREADS")
                .hasMessageContaining("did you mean LATCHKEY_TEST_THREADS?");
        assertThatThrownBy(() -> settings.withEnvironment(Map.of("LATCHKEY_TEST_CHAINS", "[{"), PREFIX))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("LATCHKEY_TEST_CHAINS");
        Settings wrong = settings.withEnvironment(Map.of("LATCHKEY_TEST_THREADS", "many"), PREFIX);
        assertThatThrownBy(() -> wrong.integer("threads", 1, 8))
                .isInstanceOf(UsageFault.class)
                .hasMessage("LATCHKEY_TEST_THREADS: threads must be a whole number");
    }

    @Test
    void aValueFromElsewhereReadsNoFileAndNoVariable() throws IOException {
        Path secret = dir.resolve("secret.conf");
        Files.writeString(secret, "id = \"of nobody's business\"");
        for (String text : List.of(
                "[{ include file(\"" + secret + "\") }]",
                "[{ include url(\"" + secret.toUri() + "\") }]",
                "[{ include classpath(\"secret\") }]",
                "[{ include \"" + secret + "\" }]",
                "${PATH}")) {
            assertThatThrownBy(() -> Setting.value("chains", text))
                    .as(text)
                    .isInstanceOf(UsageFault.class)
                    .hasMessage("chains: not a value as it stands in a settings file");
        }
    }

    @Test
    void changesGoOverTheFileAndUnderTheEnvironment() throws IOException {
        Path changes = dir.resolve("changed.conf");
        Files.writeString(changes, "threads = 5\nmax-body = 2 KiB\n");
        Settings settings = file("threads = 3\nmax-body = 1 KiB")
                .withEnvironment(Map.of("LATCHKEY_TEST_THREADS", "4"), PREFIX)
                .with("verify", false)
                .withChanges(changes)
                .withChanges(dir.resolve("none.conf"));

        assertThat(settings.integer("threads", 1, 8)).isEqualTo(4);
        assertThat(settings.bytes("max-body", 1, 4096)).isEqualTo(2048);
        assertThat(settings.all().get("max-body").origin()).isEqualTo(Setting.Origin.CHANGED);
        assertThat(settings.all().get("threads").fixed()).isTrue();
        assertThat(settings.all().get("verify").origin()).isEqualTo(Setting.Origin.COMMAND_LINE);
        Files.writeString(changes, "treads = 5\n");
        assertThatThrownBy(() -> file("").withChanges(changes))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("changed.conf:1: no setting treads; did you mean threads?");
    }

    @Test
    void whatIsPrintedIsASettingsFileThatMeansTheSame() throws IOException {
        Settings settings = file("data = \"with space # and // signs\"\ncloud { pause = 7 s }\nverify = false")
                .withEnvironment(Map.of("LATCHKEY_TEST_CHAINS", "[{ id = \"0\", name = \"a=b\" }]"), PREFIX)
                .with("listen", new HostPort("::1", 7));
        String printed = settings.print(PREFIX);

        assertThat(printed)
                .contains("# Where data goes; no default.\n# default null; this is from the settings file\n")
                .contains("# default []; this is from the environment, LATCHKEY_TEST_CHAINS\n")
                .contains("  # default 5 s; this is from the settings file\n  pause = 7 s\n")
                .contains("# default \"127.0.0.1:9443\"; this is from the command line\nlisten = \"[::1]:7\"\n")
                .contains("\nthreads = 2\n");
        Settings again = file(printed);
        assertThat(again.all().keySet()).isEqualTo(settings.all().keySet());
        settings.all()
                .forEach((key, setting) ->
                        assertThat(again.all().get(key).value()).as(key).isEqualTo(setting.value()));
        assertThat(again.path("data")).isEqualTo(settings.path("data"));
    }

    @Test
    void aSettingSaysItsKindAndWhatItIsFor() throws IOException {
        Map<String, Setting> all = file("max-body = 1 KiB").all();

        assertThat(all.get("listen").kind()).isEqualTo(Setting.Kind.ADDRESS);
        assertThat(all.get("data").kind()).isEqualTo(Setting.Kind.TEXT);
        assertThat(all.get("data").explanation()).isEqualTo("Where data goes; no default.");
        assertThat(all.get("cloud.addresses").kind()).isEqualTo(Setting.Kind.LIST);
        assertThat(all.get("cloud.pause").kind()).isEqualTo(Setting.Kind.DURATION);
        assertThat(all.get("max-body"))
                .isEqualTo(new Setting("max-body", Setting.Kind.SIZE, "1 KiB", "64 KiB", Setting.Origin.FILE, ""));
        assertThat(all.get("threads").kind()).isEqualTo(Setting.Kind.NUMBER);
        assertThat(all.get("verify").kind()).isEqualTo(Setting.Kind.SWITCH);
    }

    private Settings file(String text) throws IOException {
        Path file = dir.resolve("test.conf");
        Files.writeString(file, text);
        return Settings.load(file, SettingsTest.class, "reference.conf");
    }
}
