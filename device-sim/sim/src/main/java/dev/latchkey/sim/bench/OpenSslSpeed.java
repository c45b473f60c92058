package dev.latchkey.sim.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code openssl speed ecdsap256} says of this core. Stateless. */
final class OpenSslSpeed {
    private static final Pattern RESULT =
            Pattern.compile("256 bits? ecdsa \\(nistp256\\).*\\s([0-9.]+)\\s*$", Pattern.CASE_INSENSITIVE);

    private OpenSslSpeed() {}

    /** Verifications per second of CPU time; nothing where there is no openssl. */
    static OptionalDouble verifications(int seconds) throws InterruptedException {
        String printed;
        try {
            Process openssl = new ProcessBuilder("openssl", "speed", "-seconds", Integer.toString(seconds), "ecdsap256")
                    .redirectErrorStream(true)
                    .start();
            printed = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            openssl.waitFor();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
        return parse(printed);
    }

    /** The last number of the result's line. */
    static OptionalDouble parse(String printed) {
        return printed.lines()
                .map(RESULT::matcher)
                .filter(Matcher::find)
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .findFirst();
    }
}
