package dev.latchkey.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.console.Setting;
import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsSourceTest {
    private static final String LEAST =
            "chains = [{ id = \"" + "ab".repeat(32) + "\", name = seattle }]\ncloud.addresses = [\"127.0.0.1:9443\"]\n";

    @TempDir
    Path directory;

    @Test
    void whatIsPrintedMeansTheSame() throws IOException {
        SettingsSource source = source(
                LEAST + "coap.requests-in-flight = 77\nenrolment-secret = secret",
                Map.of("LATCHKEY_GATEWAY_LIMITS_OUTBOX", "1 MiB"));
        GatewaySettings before = GatewaySettings.of(source);
        assertThat(before.bounds().outbox()).isEqualTo(1 << 20);
        String printed = source.print();

        assertThat(GatewaySettings.of(source(printed, Map.of())))
                .usingRecursiveComparison()
                .ignoringFields("source")
                .isEqualTo(before);
        assertThat(printed).contains("this is from the environment, LATCHKEY_GATEWAY_LIMITS_OUTBOX");
    }

    @Test
    void everySettingHasAVariableOfItsOwnAndIsPrinted() {
        SettingsSource defaults = new SettingsSource(Optional.empty(), Map.of(), Map.of());
        String printed = defaults.print();
        Map<String, Setting> all = defaults.read().all();

        assertThat(all.keySet().stream().map(key -> key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT)))
                .doesNotHaveDuplicates();
        all.forEach((key, setting) ->
                assertThat(printed).contains(key.substring(key.lastIndexOf('.') + 1) + " = " + setting.value() + "\n"));
    }

    @Test
    void whatWasChangedCountsUnlessTheEnvironmentFixesIt() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(
                directory.resolve("data").resolve(SettingsSource.CHANGES),
                "log.level = info\ncoap.requests-per-second = 9\n");
        GatewaySettings settings =
                GatewaySettings.of(source(LEAST, Map.of("LATCHKEY_GATEWAY_COAP_REQUESTS_PER_SECOND", "7")));

        assertThat(settings.logLevel()).isEqualTo("info");
        assertThat(settings.coap().limits().requests().perSecond()).isEqualTo(7);
    }

    @Test
    void aVariableOfNoSettingIsNamed() {
        assertThatThrownBy(() -> source(LEAST, Map.of("LATCHKEY_GATEWAY_COAP_TREADS", "4"))
                        .read())
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining("did you mean LATCHKEY_GATEWAY_COAP_THREADS?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits { inboxes = 1 MiB, inbox-per-member = 2 MiB } | limits.inbox-per-member | limits.inboxes",
                "cloud { first-retry = 2 s, longest-retry = 1 s }      | cloud.first-retry       | cloud.longest-retry",
                "coap { connections = 2, connections-per-member = 3 } | coap.connections-per-member | coap.connections",
                "coap { observations = 2, observations-per-connection = 3 } | coap.observations-per-connection | coap.obs",
                "coap { handshakes = 2, handshakes-per-address = 3 } | coap.handshakes-per-address | coap.handshakes,",
                "replica { checkpoint-interval = 5 s, heads-kept = 4 s } | replica.heads-kept   | checkpoint-interval",
                "listen = \"127.0.0.1:5685\"                           | admin.listen           | listen",
                "listen = \"0.0.0.0:5685\"                             | admin.listen           | listen",
                "listen = \"localhost:5685\"                           | admin.listen           | listen",
                "backup.directory = data/backups                       | backup.directory       | data",
                "data = store, keys = store                            | data                   | keys",
            })
    void whatContradictsIsNamedOnOneLine(String text, String one, String other) {
        assertThatThrownBy(() -> GatewaySettings.of(source(LEAST + text, Map.of())))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other)
                .hasMessageNotContaining("\n");
    }

    @Test
    void freePortsAreNeverTheSame() throws IOException {
        String free = "listen = \"127.0.0.1:0\"\nadmin.listen = \"127.0.0.1:0\"";
        assertThat(GatewaySettings.of(source(LEAST + free, Map.of())).listen()).hasToString("127.0.0.1:0");
    }

    private SettingsSource source(String text, Map<String, String> environment) throws IOException {
        Path file = directory.resolve("gateway.conf");
        Files.writeString(file, text);
        return new SettingsSource(Optional.of(file), environment, Map.of());
    }
}
