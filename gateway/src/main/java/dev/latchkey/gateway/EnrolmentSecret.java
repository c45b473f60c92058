package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.Enrolment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** The file with the secret that operator and gateways share: 64 hexadecimal digits, for its owner's eyes only. */
public final class EnrolmentSecret {
    private static final int MAX_FILE_BYTES = 256;
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private EnrolmentSecret() {}

    public static Bytes read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UsageFault("no enrolment secret: " + file);
        }
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new UsageFault("others can read the enrolment secret: chmod 600 " + file);
        }
        // Whatever bytes a damaged one has are characters here, and the wrong ones.
        String text = Files.size(file) > MAX_FILE_BYTES
                ? ""
                : Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!text.matches("[0-9a-f]{" + 2 * Enrolment.SECRET_BYTES + "}")) {
            throw new UsageFault("not an enrolment secret of 64 hexadecimal digits: " + file);
        }
        return Bytes.fromHex(text);
    }
}
