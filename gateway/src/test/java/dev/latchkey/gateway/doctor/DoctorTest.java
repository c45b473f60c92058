package dev.latchkey.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path directory;

    private TestCloud cloud;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        TestNetwork network = new TestNetwork();
        cloud = new TestCloud(network);
        cloud.start();
        gateway = new TestGateway(directory, network, cloud.address());
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aGatewayThatCanRunIsFoundWell() throws Exception {
        String first = examined(0);
        assertThat(first)
                .contains("DTLS suites", "all 10 available", "cloud seattle", "follow from the chain id", "keys")
                .contains("data will be made")
                .doesNotContain("fail");

        gateway.inService().close();

        assertThat(examined(0)).contains("store").contains("opens").containsPattern("lag seattle +ok +none");
        assertThat(examined(0, "--json")).startsWith("{\"checks\":[{\"check\":\"clock\",\"level\":\"ok\"");
    }

    @Test
    void whatIsNotWellIsNamedWithWhatToDo() throws Exception {
        Path secret = directory.resolve("enrolment.secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory.resolve("keys/sig.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(examined(1))
                .containsPattern("keys +fail")
                .containsPattern("enrolment secret +fail")
                .contains("-> ");
    }

    @Test
    void aCloudThatIsAwayAndAPortThatIsTakenFail() throws Exception {
        cloud.stop();
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            add("listen = \"127.0.0.1:" + taken.getLocalPort() + "\"");
            assertThat(examined(1))
                    .containsPattern("cloud seattle +fail")
                    .containsPattern("listen +fail")
                    .contains("check cloud.addresses");
        }
    }

    @Test
    void settingsThatAreWrongEndTheExamination() throws Exception {
        add("coap.treads = 4");
        assertThat(examined(1)).containsPattern("settings +fail").contains("did you mean threads?");
    }

    @Test
    void aClockThatCannotBeIsFound() {
        Clock never = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        assertThat(MachineChecks.clock(never).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(MachineChecks.clock(Clock.systemUTC()).level()).isEqualTo(Finding.Level.OK);
    }

    private void add(String line) throws Exception {
        Files.writeString(gateway.config(), "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    private String examined(int code, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "gateway";
        arguments[1] = "--config";
        arguments[2] = gateway.config().toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        CommandRun run = CommandRun.of(new DoctorCommand(), arguments);
        assertThat(run.code()).isEqualTo(code);
        return run.out();
    }
}
