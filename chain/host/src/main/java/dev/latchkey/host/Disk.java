package dev.latchkey.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The steps of {@link AtomicFile}, each of which can fail: the real disk here, one that fails on demand in the tests. */
interface Disk {
    FileChannel create(Path file, AtomicFile.Mode mode) throws IOException;

    /** Writes some of the bytes, at least one. */
    void write(FileChannel channel, ByteBuffer bytes) throws IOException;

    void force(FileChannel channel) throws IOException;

    void rename(Path from, Path to) throws IOException;

    void forceDirectory(Path directory) throws IOException;

    void delete(Path file) throws IOException;

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    Disk REAL = new Disk() {
        @Override
        public FileChannel create(Path file, AtomicFile.Mode mode) throws IOException {
            Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileAttribute<?>[] attributes = isPosix(file)
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode.permissions())}
                    : new FileAttribute<?>[0];
            return FileChannel.open(file, options, attributes);
        }

        @Override
        public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            channel.write(bytes);
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            channel.force(true);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (isPosix(directory)) { // elsewhere a directory cannot be opened
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }
    };
}
