package dev.latchkey.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewaySettingsTest {
    private static final String CHAIN =
            "chains = [{ id = \"" + "ab".repeat(32) + "\", name = seattle }]\ncloud.addresses = [\"127.0.0.1:9443\"]\n";

    @TempDir
    Path directory;

    @Test
    void chainAndCloudAreAllItNeeds() throws IOException {
        GatewaySettings settings = load(CHAIN);
        assertThat(settings.listen()).hasToString("0.0.0.0:5684");
        assertThat(settings.adminListen()).hasToString("127.0.0.1:5685");
        assertThat(settings.data()).isEqualTo(directory.resolve("data"));
        assertThat(settings.enrolmentSecret()).isEmpty();
        assertThat(settings.coap().connectionIdLength()).isEqualTo(6);
    }

    @Test
    void anUnknownKeyIsNamed() {
        assertRefused(CHAIN + "listne = \"127.0.0.1:0\"", "listne");
        assertRefused(CHAIN + "limits.outbx = 1 MiB", "outbx");
        assertRefused("chains = [{ id = a, nmae = b }]\ncloud.addresses = []", "nmae");
    }

    @Test
    void aWrongValueIsNamed() {
        assertRefused("cloud.addresses = [\"127.0.0.1:9443\"]", "chains");
        assertRefused("chains = [{ id = \"abc\", name = seattle }]\ncloud.addresses = [\"127.0.0.1:1\"]", "id");
        assertRefused(CHAIN + "coap.connection-id-length = 21", "connection-id-length");
        assertRefused(CHAIN + "limits.outbox = 1 B", "outbox");
        assertRefused(CHAIN + "listen = nowhere", "listen");
        assertRefused(CHAIN + "cloud.addresses = []", "addresses");
    }

    @Test
    void figuresBeyondLoopbackHaveToBeAskedFor() throws IOException {
        String cloud = CHAIN + "\ncloud.addresses = [\"127.0.0.1:9443\"]\n";
        assertThat(load(cloud).metrics().listen()).isEmpty();
        assertThat(load(cloud + "metrics.listen = \"127.0.0.1:9464\"").metrics().listen())
                .isPresent();
        assertRefused(cloud + "metrics.listen = \"0.0.0.0:9464\"", "metrics.listen");
        assertThat(load(cloud + "metrics { listen = \"0.0.0.0:9464\", beyond-loopback = true }")
                        .metrics()
                        .listen())
                .isPresent();
    }

    @Test
    void severalChainsEachWithItsOwnIdAndName() throws IOException {
        String two = "chains = [{ id = \"%s\", name = %s }, { id = \"%s\", name = %s }]\n"
                + "cloud.addresses = [\"127.0.0.1:9443\"]";
        String a = "ab".repeat(32);
        String b = "cd".repeat(32);
        assertThat(load(String.format(two, a, "seattle", b, "tacoma")).chains())
                .extracting(GatewaySettings.NamedChain::name)
                .containsExactly("seattle", "tacoma");
        assertRefused(String.format(two, a, "seattle", a, "tacoma"), "chains[1]");
        assertRefused(String.format(two, a, "seattle", b, "seattle"), "chains[1]");
        assertRefused("chains = []\ncloud.addresses = [\"127.0.0.1:9443\"]", "chains");
    }

    private void assertRefused(String text, String named) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(UsageFault.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("\n");
    }

    private GatewaySettings load(String text) throws IOException {
        Path file = directory.resolve("gateway.conf");
        Files.writeString(file, text);
        return GatewaySettings.load(file);
    }
}
