package dev.latchkey.sim.conform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.SimMain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The main class in a process of its own, as the launcher starts it. */
@Timeout(60)
class ConformProcessTest {
    private static Process start(String kind) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimMain.class.getName(),
                        "conform",
                        kind)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void answersACaseBeforeTheNextOneIsAsked() throws Exception {
        Process process = start("cbor-strict");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            try (OutputStream in = process.getOutputStream()) {
                for (String cbor : new String[] {"00", "1817", "f97e00"}) {
                    in.write(("{\"id\":\"" + cbor + "\",\"cbor\":\"" + cbor + "\"}\n").getBytes(UTF_8));
                    in.flush();
                    assertThat(out.readLine()).isEqualTo(cbor + (cbor.equals("1817") ? " reject" : " accept"));
                }
                in.write("{broken\n".getBytes(UTF_8));
            }
            assertThat(out.readLine()).isEqualTo("? reject");
            assertThat(out.readLine()).isNull();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void anUnknownKindExitsWithTwo() throws Exception {
        Process process = start("no-such-kind");
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
    }
}
