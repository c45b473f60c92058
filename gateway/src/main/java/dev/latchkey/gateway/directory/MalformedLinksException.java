package dev.latchkey.gateway.directory;

/** Bytes that are no links in the format that a directory takes. */
public final class MalformedLinksException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedLinksException(String reason) {
        super(reason, null, false, false);
    }
}
