package dev.latchkey.coap;

import dev.latchkey.coap.CoapsException.Reason;
import java.util.OptionalInt;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/** From what Californium reports to the one exception of ours; stateless. */
final class Failures {
    private Failures() {}

    static CoapsException of(Reason reason) {
        return new CoapsException(reason, OptionalInt.empty(), null);
    }

    static CoapsException ofSending(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof DtlsHandshakeTimeoutException) {
                return new CoapsException(Reason.UNREACHABLE, OptionalInt.empty(), error);
            }
            if (cause instanceof HandshakeException) {
                int alert =
                        ((HandshakeException) cause).getAlert().getDescription().getCode();
                Reason reason =
                        cause instanceof UnknownKeyException ? Reason.OTHER_SERVER_KEY : Reason.HANDSHAKE_FAILED;
                return new CoapsException(reason, OptionalInt.of(alert), error);
            }
        }
        return new CoapsException(Reason.NOT_SENT, OptionalInt.empty(), error);
    }
}
