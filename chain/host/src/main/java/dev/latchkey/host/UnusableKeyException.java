package dev.latchkey.host;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A secret is not in the file where it should be, or others than its owner may use the file: what a user has to mend
 * before anything can be tried again. Its message names the file; nothing of the content is in it.
 */
public final class UnusableKeyException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    UnusableKeyException(Path file, String reason) {
        super(file.toString(), null, reason);
    }
}
