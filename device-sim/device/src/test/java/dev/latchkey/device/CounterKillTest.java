package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, a real disk, and kill -9. One pack under one key and nonce would give one message twice. */
class CounterKillTest {
    /** Of messages read from a process before it is killed; it is ahead by what the pipe holds. */
    private static final int MOST_READ = 1_500;

    /** Where the hexadecimal digits of a message name its session: 83 40 a2 04 44, then four bytes. */
    private static final int TAG_BEGIN = 10;

    private static final int TAG_END = 18;

    @TempDir
    Path temp;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void noMessageComesTwiceHoweverOftenItsSenderIsKilled() throws Exception {
        kill(10);
    }

    @Test
    @Tag("long")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void noMessageComesTwiceAfterTwoHundredKills() throws Exception {
        kill(200);
    }

    private void kill(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> messages = new HashSet<>();
        Set<String> sessions = new HashSet<>();
        for (int i = 0; i < times; i++) {
            Process process = start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
                int read = 1 + random.nextInt(MOST_READ);
                String line = lines.readLine();
                // The last one may be cut off.
                while (line != null && line.endsWith(".")) {
                    assertThat(messages.add(line)).as("seed %d, %s", seed, line).isTrue();
                    sessions.add(line.substring(TAG_BEGIN, TAG_END));
                    if (--read == 0) {
                        // Not of the process itself, which would close what is left to read.
                        process.toHandle().destroyForcibly();
                    }
                    line = lines.readLine();
                }
                assertThat(read).as("it ended by itself").isLessThanOrEqualTo(0);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        // Only a kill between state and mark costs a session.
        assertThat(sessions.size()).as("sessions, seed %d", seed).isLessThan(times);
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SealingProcess.class.getName(),
                        temp.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
