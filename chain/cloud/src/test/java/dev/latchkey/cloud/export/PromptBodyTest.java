package dev.latchkey.cloud.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PromptBodyTest {
    @Test
    void aBodyThatStopsFails() {
        InputStream stuck = new InputStream() {
            private final CountDownLatch closed = new CountDownLatch(1);

            @Override
            public int read() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1; // as the JDK's client does when its body is closed
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        InputStream prompt = PromptBody.of(stuck, Duration.ofMillis(20));
        assertThatThrownBy(prompt::read).hasMessageContaining("stopped in the middle");
    }

    @Test
    void anotherIsReadToItsEnd() throws IOException {
        try (InputStream prompt = PromptBody.of(new ByteArrayInputStream(new byte[] {1, 2, 3}), Duration.ofDays(1))) {
            assertThat(prompt.read()).isEqualTo(1);
            assertThat(prompt.readAllBytes()).containsExactly(2, 3);
            assertThat(prompt.read()).isNegative();
        }
    }
}
