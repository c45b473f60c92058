package dev.latchkey.sim.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: shell scripts that behave as the launcher and a role do. */
final class ServiceTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Launcher launcher(String... lines) throws IOException {
        Path script = directory.resolve("latchkey");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new Launcher(script);
    }

    private Path log() {
        return directory.resolve("role.log");
    }

    @Test
    void isInServiceOnceItSaysSo() throws Exception {
        Launcher launcher = launcher(
                "echo starting", "echo \"READY coaps=127.0.0.1:4711 admin=[::1]:4712\"", "cat >/dev/null", "echo bye");
        try (Service service = Service.start(launcher, List.of("gateway"), log(), LONGEST)) {
            assertThat(service.address("coaps").port()).isEqualTo(4711);
            assertThat(service.address("admin").host()).isEqualTo("::1");
            assertThat(service.isAlive()).isTrue();
            assertThat(service.stop()).isZero();
            assertThat(service.isAlive()).isFalse();
        }
        assertThat(Files.readString(log())).contains("starting");
    }

    @Test
    void getsItsArgumentsTheJavaOfThisProcessAndNoBuild() throws Exception {
        Launcher launcher = launcher(
                "echo \"$@\" $LATCHKEY_NO_BUILD $LATCHKEY_JAVA", "echo \"READY https=127.0.0.1:1\"", "cat >/dev/null");
        try (Service service = Service.start(launcher, List.of("cloud", "--config", "a b"), log(), LONGEST)) {
            assertThat(Files.readString(service.log()))
                    .contains("cloud --config a b --stop-with-stdin 1 " + System.getProperty("java.home"));
        }
    }

    @Test
    void aRoleThatEndsAtOnceIsNamedWithItsLastWord() throws IOException {
        Launcher launcher = launcher("echo 'latchkey: cloud.conf:3: no setting lissten' >&2", "exit 2");
        assertThatThrownBy(() -> Service.start(launcher, List.of("cloud"), log(), LONGEST))
                .isInstanceOf(ServiceFailedException.class)
                .hasMessageContaining("the cloud ended with 2: latchkey: cloud.conf:3: no setting lissten")
                .hasMessageContaining(log().toString());
    }

    @Test
    void aRoleThatNeverComesIntoServiceIsEnded() throws IOException {
        Launcher launcher = launcher("echo waiting", "exec tail -f /dev/null");
        assertThatThrownBy(() -> Service.start(launcher, List.of("cloud"), log(), Duration.ofMillis(500)))
                .isInstanceOf(ServiceFailedException.class)
                .hasMessageContaining("did not come into service");
    }

    @Test
    void killingLeavesItNoChance() throws Exception {
        Launcher launcher = launcher(
                "trap 'echo clean >" + directory + "/clean' EXIT", "echo \"READY https=127.0.0.1:1\"", "read line");
        try (Service service = Service.start(launcher, List.of("cloud"), log(), LONGEST)) {
            service.kill();
            assertThat(service.isAlive()).isFalse();
        }
        assertThat(directory.resolve("clean")).doesNotExist();
    }

    @Test
    void aCommandIsRunToItsEnd() throws Exception {
        Launcher launcher = launcher("echo \"said $2\"", "echo 'and complained' >&2", "exit 3");
        Launcher.Result result = launcher.run(LONGEST, List.of("operator", "init"));
        assertThat(result).isEqualTo(new Launcher.Result(3, "said init\n", "and complained\n"));
    }

    @Test
    void aCommandThatDoesNotEndIsStopped() throws IOException {
        Launcher launcher = launcher("exec tail -f /dev/null");
        assertThatThrownBy(() -> launcher.run(Duration.ofMillis(300), List.of("operator")))
                .hasMessage("latchkey operator did not end in time");
    }
}
