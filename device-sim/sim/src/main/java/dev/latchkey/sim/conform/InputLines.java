package dev.latchkey.sim.conform;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The lines of a stream, each of a bounded length. For one thread. */
final class InputLines {
    /** Longest line, in bytes: the leaves of a tree of some 200,000, or any message. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int END = -1;

    private final BufferedInputStream in;
    private boolean cut;

    InputLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line without its end, at most {@link #MAX_BYTES} of it; nothing at the end of input. */
    Optional<byte[]> next() throws IOException {
        cut = false;
        int read = in.read();
        if (read == END) {
            return Optional.empty();
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (read != END && read != '\n') {
            if (line.size() < MAX_BYTES) {
                line.write(read);
            } else {
                cut = true;
            }
            read = in.read();
        }
        return Optional.of(line.toByteArray());
    }

    /** Whether the last line was longer than the limit. */
    boolean wasCut() {
        return cut;
    }

    /** Whether the next line would have to be waited for. */
    boolean mustWait() throws IOException {
        return in.available() == 0;
    }
}
