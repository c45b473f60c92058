package dev.latchkey.coap;

import java.io.IOException;
import java.util.OptionalInt;

/** A request that got no response: not an error code of the server's, which is a {@link CoapResponse}. */
public final class CoapsException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int NO_ALERT = -1;

    /** What went wrong. */
    public enum Reason {
        /** No acknowledgement or no response in time. */
        TIMED_OUT,
        /** The handshake failed; {@link CoapsException#alert()} says how, when the server said it. */
        HANDSHAKE_FAILED,
        /** The server showed a key that the client does not accept, so the client ended the handshake. */
        OTHER_SERVER_KEY,
        /** The server does not answer to the handshake at all. */
        UNREACHABLE,
        /** The server rejected the message with RST. */
        REJECTED,
        /** The response is not one that CoAP allows. */
        MALFORMED,
        /** The response is larger than the client takes. */
        TOO_LARGE,
        /** Another block-wise transfer of the same resource took its place; send it again. */
        ABANDONED,
        /** The client was closed. */
        CLOSED,
        /** The server ended the connection, or a newer handshake replaced it. */
        CONNECTION_ENDED,
        /** Too many requests of this client are open; this one was not sent. */
        OVERLOADED,
        /** The datagram could not be sent. */
        NOT_SENT
    }

    private final Reason reason;
    private final int alert;

    CoapsException(Reason reason, OptionalInt alert, Throwable cause) {
        super(text(reason), cause);
        this.reason = reason;
        this.alert = alert.orElse(NO_ALERT);
    }

    public Reason reason() {
        return reason;
    }

    /** The alert of the failed handshake, sent or received: 42 is bad_certificate (RFC 5246, section 7.2). */
    public OptionalInt alert() {
        return alert == NO_ALERT ? OptionalInt.empty() : OptionalInt.of(alert);
    }

    private static String text(Reason reason) {
        return switch (reason) {
            case TIMED_OUT -> "no response in time";
            case HANDSHAKE_FAILED -> "the DTLS handshake failed";
            case OTHER_SERVER_KEY -> "the server shows another key";
            case UNREACHABLE -> "the server does not answer";
            case REJECTED -> "the server rejected the message";
            case MALFORMED -> "the response is malformed";
            case TOO_LARGE -> "the response is too large";
            case ABANDONED -> "another transfer took its place";
            case CLOSED -> "the client is closed";
            case CONNECTION_ENDED -> "the connection has ended";
            case OVERLOADED -> "too many requests are open";
            case NOT_SENT -> "the request could not be sent";
        };
    }
}
