package dev.latchkey.sim.hand;

import java.io.IOException;

/** What a device was asked for could not be done; the message says why and what to do next. */
final class DeviceFault extends IOException {
    private static final long serialVersionUID = 1L;

    DeviceFault(String message, Throwable cause) {
        super(message, cause);
    }
}
