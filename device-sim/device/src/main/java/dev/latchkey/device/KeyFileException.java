package dev.latchkey.device;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A key file is not as it should be: the message names it and says what to do, nothing of its content is in it. */
final class KeyFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    KeyFileException(Path file, String reason, Throwable cause) {
        super(file.toString(), null, reason);
        initCause(cause);
    }
}
