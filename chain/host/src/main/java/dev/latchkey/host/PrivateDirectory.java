package dev.latchkey.host;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that only its owner may enter, 0700, so that the modes of what lies in it do not matter. Stateless. */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /**
     * Makes the directory, with parents that are missing; their names are on the disk when this returns, so that a file
     * in it is not lost with its directory. One that is there already keeps its mode: who made it may have given others a
     * way in on purpose.
     */
    public static Path make(Path directory) throws IOException {
        return make(Disk.REAL, directory);
    }

    /** As {@link #make(Path)}, step by step on a disk. */
    public static Path make(Disk disk, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Path parent = make(disk, directory.toAbsolutePath().getParent());
        try {
            disk.makeDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) { // else another was faster
                throw e;
            }
        }
        disk.forceDirectory(parent);
        return directory;
    }

    static FileAttribute<?>[] ownerOnly(Path path) {
        return Disk.isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
