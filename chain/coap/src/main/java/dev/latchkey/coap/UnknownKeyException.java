package dev.latchkey.coap;

import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/**
 * This side refused the other's key. The alert that it sends is the one that it gets when the other side refuses its own, so
 * only the type tells whose key it was.
 */
final class UnknownKeyException extends HandshakeException {
    private static final long serialVersionUID = 1L;

    UnknownKeyException() {
        super("unknown public key", new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE));
    }
}
