package dev.latchkey.sim.hand;

import dev.latchkey.device.DeviceException;
import dev.latchkey.host.UnusableKeyException;
import dev.latchkey.sim.fleet.Explained;
import java.io.IOException;
import java.nio.file.Path;

/** What a device was asked for could not be done; the message says why and what to do next. */
final class DeviceFault extends IOException {
    private static final long serialVersionUID = 1L;

    DeviceFault(String message, Throwable cause) {
        super(message, cause);
    }

    /** A fault, or the key file behind it that cannot be used: that is for its owner to put right. */
    static IOException of(Path directory, Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof UnusableKeyException key) {
                return key;
            }
        }
        String text = Explained.text(failure);
        boolean unnamed = kind(failure) == DeviceException.Kind.STORE && !text.contains(directory.toString());
        return new DeviceFault(unnamed ? directory + ": " + text : text, failure);
    }

    /** The same where an invitation may be to blame: nothing is known of gateway and chain but what it says. */
    DeviceFault onInvitation() {
        if (kind(getCause()) == DeviceException.Kind.UNPROVED) {
            return new DeviceFault(
                    "the gateway does not prove the chain that this is for: it is of another network, or the gateway is not"
                            + " to be trusted; ask the operator for a new one",
                    getCause());
        }
        return this;
    }

    /** The same where the keys count only after a while: until then no gateway knows them. */
    DeviceFault onRecovery() {
        if (kind(getCause()) == DeviceException.Kind.NOT_ACTIVE) {
            return new DeviceFault(
                    "the chain does not have these keys as the member's: they count 72 hours after the operators sent the"
                            + " recovery, unless the member objected (latchkey operator status NAME)",
                    getCause());
        }
        return this;
    }

    private static DeviceException.Kind kind(Throwable failure) {
        return failure instanceof DeviceException device ? device.kind() : DeviceException.Kind.CLOSED;
    }
}
