package dev.latchkey.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The steps by which files get onto a disk, each of which can fail or be the last before the machine stops: the real disk
 * here, others in the tests. Stateless.
 */
public interface Disk {
    /** Makes a file that is not there yet, open for writing. */
    FileChannel create(Path file, AtomicFile.Mode mode) throws IOException;

    /** Writes some of the bytes, at least one. */
    void write(FileChannel channel, ByteBuffer bytes) throws IOException;

    /** Returns when what was written is on the disk; the file's name need not be. */
    void force(FileChannel channel) throws IOException;

    /** Gives a file another name, in place of the file that has it. */
    void rename(Path from, Path to) throws IOException;

    /** Returns when the names in a directory are on the disk as they are now. */
    void forceDirectory(Path directory) throws IOException;

    /** Makes a directory that only its owner may enter, 0700; its parent is there. */
    void makeDirectory(Path directory) throws IOException;

    /** Removes a file or an empty directory, if it is there. */
    void delete(Path file) throws IOException;

    /**
     * What tells this very file, as its last change left it, from every other and from itself at any other time: device,
     * inode and time of change. No program can set the last: whoever writes the same bytes again, into this file or
     * another, makes another stamp.
     *
     * @return empty where the system has no such thing
     */
    Optional<String> stamp(Path file) throws IOException;

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The disk of this machine. */
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
        public void makeDirectory(Path directory) throws IOException {
            Files.createDirectory(directory, PrivateDirectory.ownerOnly(directory));
        }

        @Override
        public Optional<String> stamp(Path file) throws IOException {
            if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                return Optional.empty();
            }
            Map<String, Object> of = Files.readAttributes(file, "unix:dev,ino,ctime");
            long changedNanos = ((FileTime) of.get("ctime")).to(TimeUnit.NANOSECONDS);
            return Optional.of(of.get("dev") + " " + of.get("ino") + " " + changedNanos);
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }
    };
}
