package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Two of three operators, each with its own key. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class SeveralOperatorsTest {
    @TempDir
    Path directory;

    private RunningNetwork network;

    @BeforeEach
    void start() throws Exception {
        network = new RunningNetwork(directory, "--operators", "3", "--threshold", "2");
    }

    @AfterEach
    void stop() {
        network.close();
    }

    private String key(int operator) {
        return network.net().resolve("operator-" + operator + "/operator.pem").toString();
    }

    @Test
    void withAllKeysAtHandItIsOneCommandAndApartItTravelsAsAPart() throws Exception {
        assertThat(network.net().resolve("operator/operator.pem")).doesNotExist();
        assertThat(network.run("policy", "change", "--difficulty", "1", "--yes"))
                .as(network::err)
                .isZero();
        assertThat(network.out()).contains("+ difficulty 1 bits").contains("done: height");

        Path elsewhere = Files.createDirectory(network.file("elsewhere"));
        for (int operator : new int[] {2, 3}) {
            Files.move(network.net().resolve("operator-" + operator), elsewhere.resolve("operator-" + operator));
        }
        String part = network.file("suspend.part").toString();
        String[] suspend = {"suspend", "gateway-1", "--part", part, "--yes"};
        assertThat(network.run(suspend)).as(network::err).isZero();
        assertThat(network.out()).contains("then by     1 operator more").contains("./latchkey operator sign " + part);
        assertThat(network.run(suspend)).isEqualTo(2);
        assertThat(network.err()).contains("nothing was signed");

        assertThat(network.run("submit", part)).isEqualTo(1);
        assertThat(network.err()).contains("1 of 2 operators have signed");
        for (int operator : new int[] {2, 3}) {
            String key =
                    elsewhere.resolve("operator-" + operator + "/operator.pem").toString();
            assertThat(network.runApart("sign", part, "--key", key)).isEqualTo(2);
            assertThat(network.runApart("sign", part, "--key", key, "--yes")).isZero();
            assertThat(network.out()).contains("suspend gateway-1 in sub-network seattle of network city");
        }
        assertThat(network.run("submit", part)).as(network::err).isZero();
        assertThat(network.out()).contains("done: height");
        assertThat(network.run("status", "gateway-1")).isZero();
        assertThat(network.out()).contains("gateway, suspended");
        // The same body again is answered with the same receipt.
        assertThat(network.run("submit", part)).as(network::err).isZero();
    }

    @Test
    void thresholdsThatCannotBeAreRefused() {
        for (String[] wrong : new String[][] {
            {"--operators", "3", "--threshold", "4"},
            {"--operators", "0"},
            {"--operators", "17"},
            {"--witnesses", "2"}
        }) {
            String[] arguments = new String[7 + wrong.length];
            System.arraycopy(
                    new String[] {"init", "--dir", network.file("other").toString(), "--network", "city", "--chain", "x"
                    },
                    0,
                    arguments,
                    0,
                    7);
            System.arraycopy(wrong, 0, arguments, 7, wrong.length);
            assertThat(network.runApart(arguments)).isEqualTo(2);
        }
        assertThat(network.file("other")).doesNotExist();
        assertThat(key(1)).isNotEmpty();
    }
}
