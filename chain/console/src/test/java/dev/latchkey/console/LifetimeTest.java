package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LifetimeTest {
    /** The process under test: a service that says when it runs and when it was closed. */
    static final class Service {
        public static void main(String[] arguments) throws InterruptedException {
            boolean fails = arguments[0].equals("fails");
            System.exit(Lifetime.untilStopped(
                    () -> {
                        System.out.println("CLOSED");
                        if (fails) {
                            throw new IOException("no");
                        }
                    },
                    true,
                    "READY"));
        }
    }

    private Process process;
    private BufferedReader output;

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void aSignalIsACleanStop() throws Exception {
        start("works");
        process.toHandle().destroy();
        assertThat(output.readLine()).isEqualTo("CLOSED");
        assertThat(ended()).isZero();
    }

    @Test
    void theEndOfStandardInputIsACleanStop() throws Exception {
        start("works");
        process.getOutputStream().close();
        assertThat(output.readLine()).isEqualTo("CLOSED");
        assertThat(ended()).isZero();
    }

    @Test
    void aFailedStopSaysSo() throws Exception {
        start("fails");
        process.toHandle().destroy();
        assertThat(output.readLine()).isEqualTo("CLOSED");
        assertThat(ended()).isEqualTo(Cli.FAILED);
    }

    private void start(String how) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Service.class.getName(),
                        how)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("READY");
    }

    private int ended() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
