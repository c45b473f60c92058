package dev.latchkey.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAPMessageFormatException;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramReader;

/**
 * Californium's parser, which fails at a block that is larger than it says (RFC 7959, section 2.2) instead of refusing it: no
 * answer, and a line in the log for each. Stateless.
 */
final class MessageParser extends UdpDataParser {
    MessageParser() {
        super(true, StandardOptionRegistry.getDefaultOptionRegistry());
    }

    @Override
    public void parseOptionsAndPayload(DatagramReader reader, Message message) {
        try {
            super.parseOptionsAndPayload(reader, message);
        } catch (IllegalStateException e) {
            throw new CoAPMessageFormatException(
                    "the message is malformed",
                    message.getToken(),
                    message.getMID(),
                    message.getRawCode(),
                    message.isConfirmable(),
                    ResponseCode.BAD_REQUEST);
        }
    }
}
