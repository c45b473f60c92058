package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.transaction.Voucher;
import java.util.Optional;

/**
 * How a device that is not yet a member reaches a gateway: DTLS with a pre-shared key that comes from the voucher's id and
 * a secret of operator and gateways. It protects the transport only. Stateless.
 */
public final class Enrolment {
    /** Length of the enrolment secret and of the pre-shared key in bytes. */
    public static final int SECRET_BYTES = 32;

    private static final int DEVICE_BYTES = 4;
    private static final Bytes INFO = Bytes.utf8("latchkey/1/psk");

    private Enrolment() {}

    /** The pre-shared key: HKDF-SHA-256(enrolment secret, no salt, "latchkey/1/psk" ‖ voucher id), 32 bytes. */
    public static Bytes presharedKey(Bytes enrolmentSecret, Bytes voucherId) {
        return Hkdf.sha256(enrolmentSecret, Bytes.EMPTY, Bytes.concat(INFO, voucherId), SECRET_BYTES);
    }

    /** The PSK identity: voucher id in hexadecimal, a dot, 8 random digits of the device. */
    public static String identity(Bytes voucherId, Bytes device) {
        if (voucherId.size() != Voucher.ID_BYTES || device.size() != DEVICE_BYTES) {
            throw new IllegalArgumentException("an enrolment identity has 8 and 4 bytes");
        }
        return voucherId.toHex() + "." + device.toHex();
    }

    /** The voucher id of a PSK identity, if it is one. */
    public static Optional<Bytes> voucherId(String identity) {
        if (!identity.matches("[0-9a-f]{16}\\.[0-9a-f]{8}")) {
            return Optional.empty();
        }
        return Optional.of(Bytes.fromHex(identity.substring(0, 2 * Voucher.ID_BYTES)));
    }
}
