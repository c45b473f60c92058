package dev.latchkey.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Keeps a second user away from a directory; safe for use by many threads. */
final class DirectoryLock {
    private final Path directory;

    // Guarded by this.
    private Optional<FileChannel> held = Optional.empty();

    /** Whether the directory was given free: another may have it by now. */
    private volatile boolean free;

    DirectoryLock(Path directory) {
        this.directory = directory;
    }

    /**
     * Takes the directory for this user alone.
     *
     * @throws DeviceException if another has it, or if there is no directory
     */
    synchronized void take() throws IOException, DeviceException {
        if (!Files.isDirectory(directory)) {
            throw new DeviceException(DeviceException.Kind.STORE, "the directory holds no member's state");
        }
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly());
        if (!isTaken(channel)) {
            channel.close();
            throw new DeviceException(
                    DeviceException.Kind.STORE, "the directory is in use by another command: let that end first");
        }
        held = Optional.of(channel);
        free = false;
    }

    private FileAttribute<?>[] ownerOnly() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Gives the directory free, if it was taken. */
    synchronized void release() throws IOException {
        free = true;
        if (held.isPresent()) {
            held.get().close();
            held = Optional.empty();
        }
    }

    /** @throws IOException if the directory was given free */
    void requireHeld() throws IOException {
        if (free) {
            throw new IOException("the directory was given free");
        }
    }
}
