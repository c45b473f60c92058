package dev.latchkey.gateway.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** What a copy is called: the moment at which it began, so that names stand in order of time. Stateless. */
final class CopyName {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'");

    private CopyName() {}

    /** @throws IOException if there is a copy of this very moment */
    static String at(Clock clock, Path in) throws IOException {
        String name = MOMENT.format(clock.instant().atOffset(ZoneOffset.UTC));
        if (Files.exists(in.resolve(name))) {
            throw new IOException("there is a copy of this moment: " + name);
        }
        return name;
    }
}
