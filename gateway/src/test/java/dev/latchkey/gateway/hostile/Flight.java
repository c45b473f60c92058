package dev.latchkey.gateway.hostile;

import dev.latchkey.bytes.Bytes;
import java.util.Optional;
import java.util.Random;

/** Datagrams of DTLS 1.2 (RFC 6347, sections 4.1 and 4.2) as an attacker makes them, byte by byte. */
final class Flight {
    static final int HANDSHAKE = 22;
    static final int CLIENT_HELLO = 1;
    static final int CERTIFICATE = 11;
    static final int DTLS_1_2 = 0xfefd;
    private static final int HELLO_VERIFY_REQUEST = 3;
    private static final int RECORD_HEADER = 13;
    private static final int MESSAGE_HEADER = 12;

    private Flight() {}

    /** A first flight that offers what our own clients do; with a cookie, a second one. */
    static Bytes hello(int version, Bytes random, Bytes cookie, int padding) {
        Bytes body = helloBody(version, random, cookie, padding);
        int sequence = cookie.isEmpty() ? 0 : 1;
        return record(HANDSHAKE, version, sequence, message(CLIENT_HELLO, sequence, body.size(), 0, body));
    }

    static Bytes helloBody(int version, Bytes random, Bytes cookie, int padding) {
        Bytes extensions = Bytes.concat(
                Bytes.fromHex("000a000400020017"), // supported_groups: secp256r1
                Bytes.fromHex("000b00020100"), // ec_point_formats
                Bytes.fromHex("000d000400020403"), // signature_algorithms: SHA-256 with ECDSA
                Bytes.fromHex("001300020102"), // client_certificate_type: raw public key
                Bytes.fromHex("001400020102"), // server_certificate_type: raw public key
                Bytes.fromHex("00170000"), // extended_master_secret
                number(0x15, 2),
                number(padding, 2),
                Bytes.wrap(new byte[padding]));
        return Bytes.concat(
                number(version, 2),
                random,
                number(0, 1),
                number(cookie.size(), 1),
                cookie,
                Bytes.fromHex("0004c0aec02b"), // two suites
                Bytes.fromHex("0100"), // no compression
                number(extensions.size(), 2),
                extensions);
    }

    /** The shortest hello that is understood. */
    static Bytes shortHello(Bytes random) {
        Bytes body = Bytes.concat(
                number(DTLS_1_2, 2),
                random,
                number(0, 1),
                number(0, 1),
                Bytes.fromHex("0002c0ae"),
                Bytes.fromHex("0100"));
        return record(HANDSHAKE, DTLS_1_2, 0, message(CLIENT_HELLO, 0, body.size(), 0, body));
    }

    /** A part of a handshake message; what is announced need not be what is there. */
    static Bytes message(int type, int messageSequence, int wholeLength, int offset, Bytes part) {
        return Bytes.concat(
                number(type, 1),
                number(wholeLength, 3),
                number(messageSequence, 2),
                number(offset, 3),
                number(part.size(), 3),
                part);
    }

    static Bytes record(int type, int version, long sequence, Bytes fragment) {
        return Bytes.concat(
                number(type, 1),
                number(version, 2),
                number(0, 2),
                number(sequence, 6),
                number(fragment.size(), 2),
                fragment);
    }

    /** A record with a connection ID (RFC 9146, section 4) of epoch 1. */
    static Bytes recordOf(Bytes connectionId, long sequence, Bytes fragment) {
        return Bytes.concat(
                number(25, 1),
                number(DTLS_1_2, 2),
                number(1, 2),
                number(sequence, 6),
                connectionId,
                number(fragment.size(), 2),
                fragment);
    }

    /** The cookie of a HelloVerifyRequest. */
    static Optional<Bytes> cookie(Bytes answer) {
        int at = RECORD_HEADER + MESSAGE_HEADER + 2;
        if (answer.size() <= at || answer.get(RECORD_HEADER) != HELLO_VERIFY_REQUEST) {
            return Optional.empty();
        }
        return Optional.of(answer.slice(at + 1, at + 1 + (answer.get(at) & 0xff)));
    }

    static Bytes random(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static Bytes number(long value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >> 8 * (size - 1 - i));
        }
        return Bytes.wrap(bytes);
    }
}
