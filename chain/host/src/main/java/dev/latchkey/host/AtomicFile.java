package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
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
    private static final String UNFINISHED = ".tmp";

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

    /** As {@link #write(Path, Bytes, Mode)}, for content that need not be in memory as a whole. */
    public static void write(Path file, Content content, Mode mode) throws IOException {
        write(Disk.REAL, file, content, mode);
    }

    /**
     * Removes what writers that did not come to their end have left beside a file. Only while nobody writes it.
     *
     * @param file the file that was to be written
     */
    public static void removeUnfinished(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        String prefix = "." + target.getFileName() + ".";
        try (DirectoryStream<Path> left = Files.newDirectoryStream(
                target.getParent(),
                other -> other.getFileName().toString().startsWith(prefix)
                        && other.getFileName().toString().endsWith(UNFINISHED))) {
            for (Path other : left) {
                Disk.REAL.delete(other);
            }
        }
    }

    /** As {@link #write(Path, Bytes, Mode)}, step by step on a disk. */
    public static void write(Disk disk, Path file, Bytes content, Mode mode) throws IOException {
        write(disk, file, out -> out.write(content.toArray()), mode);
    }

    /** Whether a file is what a writer left that did not come to its end. */
    public static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(UNFINISHED);
    }

    static void write(Disk disk, Path file, Content content, Mode mode) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + fresh() + UNFINISHED);
        try {
            try (FileChannel channel = disk.create(temporary, mode)) {
                content.to(new ChannelStream(disk, channel));
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

    /** Writes a file's content to a stream, which need not be buffered or closed by it. */
    @FunctionalInterface
    public interface Content {
        void to(OutputStream out) throws IOException;
    }

    private static final class ChannelStream extends OutputStream {
        private final Disk disk;
        private final FileChannel channel;

        ChannelStream(Disk disk, FileChannel channel) {
            this.disk = disk;
            this.channel = channel;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, from, length);
            while (rest.hasRemaining()) {
                disk.write(channel, rest);
            }
        }
    }

    static String fresh() {
        byte[] name = new byte[6];
        RANDOM.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }
}
