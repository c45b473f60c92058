package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.ContentFormat;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminEndpointTest {
    @TempDir
    Path directory;

    private GatewayHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void anAdminReadsTheStatusAsCborAndAsJson() throws Exception {
        TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", harness.network.admin);

        CoapResponse cbor = admin.get("/a/st");
        CoapResponse json = admin.send(ClientRequest.get("/a/st").withAccept(ContentFormat.JSON));

        assertThat(cbor.contentFormat()).hasValue(ContentFormat.CBOR);
        Item chains = Cbor.decode(cbor.payload(), 8_192).asMap().get(Cbor.text("chains"));
        assertThat(chains.asArray(1).get(0).asMap().get(Cbor.text("chain"))).isEqualTo(Cbor.text("seattle"));
        assertThat(json.contentFormat()).hasValue(ContentFormat.JSON);
        assertThat(json.payload().toUtf8()).contains("\"cloud-up\":true", "\"gateway\":\"gateway\"");
        assertThat(admin.get("/a").payload().toUtf8()).contains("</a/st>");
        assertThat(admin.send(ClientRequest.get("/a/st").withAccept(112)).code())
                .isEqualTo(Code.NOT_ACCEPTABLE);
    }

    @Test
    void nobodyElseReadsTheStatus() throws Exception {
        TestDevice member = harness.member("d-1");
        TestDevice here = harness.connectTo(harness.gateway().adminAddress(), "d-1", member.identity);
        for (String path : new String[] {"/a", "/a/st"}) {
            assertThat(here.get(path).code()).isEqualTo(Code.FORBIDDEN);
            assertThat(TestDevice.code(here.get(path))).isEqualTo("not-allowed");
            assertThat(member.get(path).code()).isEqualTo(Code.NOT_FOUND);
        }
    }

    @Test
    void theCommandPrintsOneScreenOrJson() throws Exception {
        Path keys = directory.resolve("admin-keys");
        IdentityDirectory.write(keys, harness.network.admin);
        String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();
        String table = CommandRun.adminOutput("status", "--key", keys.toString(), "--gateway", address);
        String json = CommandRun.adminOutput("status", "--key", keys.toString(), "--gateway", address, "--json");
        assertThat(table)
                .startsWith("gateway gateway, in service, up ")
                .contains(
                        "\nchain    cloud  height  lag",
                        "\nseattle  up",
                        "\nstore      good, synced writes ",
                        "\ndirectory  registrations 0, ")
                .doesNotContain("!", "\033");
        assertThat(json).startsWith("{").contains("\"height\":0");
    }

    @Test
    void theCommandTellsWhoIsNoAdminWhatItTakes() throws Exception {
        Path keys = directory.resolve("member-keys");
        IdentityDirectory.write(keys, harness.member("d-1").identity);
        assertThat(refusal(keys)).contains("4.03", "not-allowed", "role admin").hasLineCount(1);

        Path unknown = directory.resolve("unknown-keys");
        IdentityDirectory.create(unknown, harness.network.random);
        assertThat(refusal(unknown)).contains("role admin").hasLineCount(1);
    }

    private String refusal(Path keys) {
        String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();
        CommandRun run = CommandRun.admin("status", "--key", keys.toString(), "--gateway", address);
        assertThat(run.code()).isNotZero();
        return run.complaint();
    }
}
