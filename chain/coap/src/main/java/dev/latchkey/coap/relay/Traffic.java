package dev.latchkey.coap.relay;

/**
 * What a relay saw in one direction; immutable. Sent is what came in at the relay, whatever became of it: the airtime of
 * the sender. When nothing is on its way, passed is sent less lost and tooLarge, plus duplicated. Each figure is exact;
 * one that is read while datagrams pass may be a datagram ahead of another.
 *
 * @param sent datagrams that came in
 * @param sentBytes their bytes of UDP payload
 * @param handshakes datagrams of these that begin with a handshake or change_cipher_spec record (DTLS content types 22
 *     and 20, RFC 6347, section 4.1)
 * @param handshakeBytes their bytes of UDP payload
 * @param applicationData sizes of those that begin with an application_data record (23), or a tls12_cid record (25, RFC
 *     9146, section 4), which hides that it may be an alert
 * @param passed datagrams that went out
 * @param passedBytes their bytes of UDP payload
 * @param lost by chance, for want of room, or because their address towards the server is given up
 * @param duplicated went out a second time
 * @param tooLarge above the MTU
 */
public record Traffic(
        long sent,
        long sentBytes,
        long handshakes,
        long handshakeBytes,
        DatagramSizes applicationData,
        long passed,
        long passedBytes,
        long lost,
        long duplicated,
        long tooLarge) {

    /** What was seen since the earlier state. */
    public Traffic since(Traffic earlier) {
        return new Traffic(
                sent - earlier.sent,
                sentBytes - earlier.sentBytes,
                handshakes - earlier.handshakes,
                handshakeBytes - earlier.handshakeBytes,
                applicationData.since(earlier.applicationData),
                passed - earlier.passed,
                passedBytes - earlier.passedBytes,
                lost - earlier.lost,
                duplicated - earlier.duplicated,
                tooLarge - earlier.tooLarge);
    }

    /** Both together, of two directions or of two relays. */
    public Traffic plus(Traffic other) {
        return new Traffic(
                sent + other.sent,
                sentBytes + other.sentBytes,
                handshakes + other.handshakes,
                handshakeBytes + other.handshakeBytes,
                applicationData.plus(other.applicationData),
                passed + other.passed,
                passedBytes + other.passedBytes,
                lost + other.lost,
                duplicated + other.duplicated,
                tooLarge + other.tooLarge);
    }
}
