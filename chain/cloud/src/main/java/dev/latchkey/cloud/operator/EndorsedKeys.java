package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the keys of many devices from a CSV file: the line {@code name,sig,kex,dtls,next-key}, then one line a device, the
 * last field empty where nothing is committed to. Nothing is guessed: whatever is not exactly so is a fault with its line
 * number. Stateless.
 */
final class EndorsedKeys {
    /** Most devices of one file, for which it has room enough. */
    static final int MAX_DEVICES = 100_000;

    private static final String HEADER = "name,sig,kex,dtls,next-key";
    private static final int MAX_BYTES = 32 << 20;
    private static final long FIRST_SEQUENCE = 1;

    private EndorsedKeys() {}

    /** The joins of all lines, in their order. */
    static List<Join> read(Path file) throws IOException {
        String[] lines = text(file).split("\r?\n", -1);
        if (!lines[0].equals(HEADER)) {
            throw fault(file, 1, "the first line has to be " + HEADER);
        }
        int end = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
        if (end < 2 || end > MAX_DEVICES + 1) {
            throw fault(file, end, "a file has 1 to " + MAX_DEVICES + " devices");
        }
        List<Join> joins = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<CoseKey> keys = new HashSet<>();
        for (int i = 1; i < end; i++) {
            Join join = join(file, i + 1, lines[i]);
            if (!names.add(join.name())) {
                throw fault(file, i + 1, "the name stands on an earlier line: " + join.name());
            }
            for (CoseKey key : join.keys().all()) {
                if (!keys.add(key)) {
                    throw fault(file, i + 1, "a key stands on an earlier line");
                }
            }
            joins.add(join);
        }
        return joins;
    }

    private static String text(Path file) throws IOException {
        Bytes content = AtomicFile.read(file, MAX_BYTES);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UsageFault(file + ": not a text in UTF-8");
        }
    }

    private static Join join(Path file, int number, String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != 5) {
            throw fault(file, number, "five fields with commas between them: " + HEADER);
        }
        if (!Names.isValid(fields[0])) {
            throw fault(file, number, "a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit");
        }
        CoseKey sig = key(file, number, "sig", fields[1]);
        CoseKey kex = key(file, number, "kex", fields[2]);
        CoseKey dtls = key(file, number, "dtls", fields[3]);
        if (sig.equals(kex) || sig.equals(dtls) || kex.equals(dtls)) {
            throw fault(file, number, "each purpose has a key of its own, and two are the same");
        }
        return new Join(
                fields[0],
                FIRST_SEQUENCE,
                Role.MEMBER,
                new MemberKeys(sig, kex, dtls),
                nextKey(file, number, fields[4]),
                Optional.empty());
    }

    private static CoseKey key(Path file, int number, String field, String text) {
        return PublicKeys.key(text)
                .orElseThrow(
                        () -> fault(
                                file,
                                number,
                                field
                                        + " is not a compressed P-256 point, 66 lower-case hexadecimal digits or 44 of base64url"));
    }

    private static Optional<Digest> nextKey(Path file, int number, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Bytes digest = PublicKeys.bytes(text, Digest.SIZE)
                .orElseThrow(() -> fault(
                        file, number, "next-key is not a digest, 64 lower-case hexadecimal digits or 43 of base64url"));
        return Optional.of(Digest.of(digest));
    }

    private static UsageFault fault(Path file, int line, String explanation) {
        return new UsageFault(file + ":" + line + ": " + explanation + "; nothing was signed");
    }
}
