package dev.latchkey.cloud.export;

import java.io.IOException;

/** A node answers with more bytes than any honest answer has. */
public final class TooLongAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongAnswerException() {
        super("the node's answer is longer than it may be");
    }
}
