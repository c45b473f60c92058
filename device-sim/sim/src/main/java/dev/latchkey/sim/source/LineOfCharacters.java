package dev.latchkey.sim.source;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where in a file a character is. The parser reads ahead in large pieces and cannot tell. Stateless. */
final class LineOfCharacters {
    private LineOfCharacters() {}

    /** The line of the first bytes that are not UTF-8, from 1; the last one read if there are none. */
    static long firstMalformed(Path file) {
        long line = 1;
        try (Reader characters =
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder())) {
            int before = 0;
            for (int read = characters.read(); read >= 0; read = characters.read()) {
                if (before == '\n' || before == '\r' && read != '\n') {
                    line++;
                }
                before = read;
            }
        } catch (IOException found) {
            return line;
        }
        return line;
    }
}
