package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Text armour as in RFC 7468: one object, its label, 64 characters a line. Stateless. */
final class Pem {
    private Pem() {}

    static Bytes encode(String label, Bytes der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toArray());
        return Bytes.utf8("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    /** The first object with this label; text around it is ignored, as the RFC asks (section 2). */
    static Optional<Bytes> decode(String label, Bytes text) {
        String all = new String(text.toArray(), StandardCharsets.ISO_8859_1);
        String begin = "-----BEGIN " + label + "-----";
        int from = all.indexOf(begin);
        int to = all.indexOf("-----END " + label + "-----", Math.max(from, 0));
        if (from < 0 || to < 0) {
            return Optional.empty();
        }
        try {
            String body = all.substring(from + begin.length(), to).replaceAll("\\s", "");
            return Optional.of(Bytes.wrap(Base64.getDecoder().decode(body)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
