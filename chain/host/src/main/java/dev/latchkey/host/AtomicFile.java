package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * Files that are either wholly the old or wholly the new one, whenever the machine stops. Stateless; several writers of
 * one file do not harm each other, the last one wins.
 */
public final class AtomicFile {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Who may read a file. */
    public enum Mode {
        /** Its owner alone, 0600: secrets. */
        PRIVATE("rw-------"),
        /** Everybody, 0644. */
        SHARED("rw-r--r--");

        private final Set<PosixFilePermission> permissions;

        Mode(String permissions) {
            this.permissions = PosixFilePermissions.fromString(permissions);
        }

        Set<PosixFilePermission> permissions() {
            return permissions;
        }
    }

    private AtomicFile() {}

    /**
     * Writes a file, replacing the one that is there. When it returns, the new content is on the disk. The content is
     * never readable by more than the mode allows, not even while it is written.
     *
     * @throws IOException when a step fails: the old content is still there, unless only the last step failed, which
     *     makes the new name durable
     */
    public static void write(Path file, Bytes content, Mode mode) throws IOException {
        write(Disk.REAL, file, content, mode);
    }

    static void write(Disk disk, Path file, Bytes content, Mode mode) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + fresh() + ".tmp");
        try {
            try (FileChannel channel = disk.create(temporary, mode)) {
                ByteBuffer rest = ByteBuffer.wrap(content.toArray());
                while (rest.hasRemaining()) {
                    disk.write(channel, rest);
                }
                // Content before name: a name that survives a crash must not lead to an empty file.
                disk.force(channel);
            }
            disk.rename(temporary, target);
        } catch (IOException e) {
            try {
                disk.delete(temporary);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        disk.forceDirectory(target.getParent());
    }

    /**
     * Reads a whole file.
     *
     * @param max the most bytes it may have
     */
    public static Bytes read(Path file, int max) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(max);
            if (in.read() >= 0) {
                throw new FileSystemException(file.toString(), null, "longer than it may be");
            }
            return Bytes.wrap(content);
        }
    }

    static String fresh() {
        byte[] name = new byte[6];
        RANDOM.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }
}
