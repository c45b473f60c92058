package dev.latchkey.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory that only its owner may enter, 0700, so that the modes of what lies in it do not matter. Stateless. */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /**
     * Makes the directory, with parents that are missing. One that is there already keeps its mode: who made it may have
     * given others a way in on purpose.
     */
    public static Path make(Path directory) throws IOException {
        return Files.createDirectories(directory, ownerOnly(directory));
    }

    static FileAttribute<?>[] ownerOnly(Path path) {
        return Disk.isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
