package dev.latchkey.device;

import dev.latchkey.protocol.Problem;
import java.util.Optional;

/** What a device was asked for could not be done. */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** The gateway did not answer, or asked to come again, for as long as the settings allow. */
        UNREACHABLE,
        /** The gateway refused for good; {@link DeviceException#problemCode()} says why. */
        REFUSED,
        /** The gateway's answer does not prove what it should, or is no answer at all. */
        UNPROVED,
        /** The gateway's view of the chain is older than the settings allow. */
        STALE,
        /** The chain has no such member. */
        UNKNOWN_MEMBER,
        /** The member can receive nothing from this device: it is the device itself, or a gateway. */
        NO_RECIPIENT,
        /** The member's keys are not current. */
        NOT_ACTIVE,
        /** The device's directory is not one, holds another device's state, or cannot be written. */
        STORE,
        /** The device was closed, or has left. */
        CLOSED
    }

    private final Kind kind;
    private final String problemCode;

    DeviceException(Kind kind, String message) {
        this(kind, message, (Throwable) null);
    }

    DeviceException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.problemCode = "";
    }

    private DeviceException(Kind kind, String message, Problem problem) {
        super(message + ": " + problem.code());
        this.kind = kind;
        this.problemCode = problem.code();
    }

    static DeviceException refused(Problem problem) {
        return new DeviceException(Kind.REFUSED, "the gateway refused", problem);
    }

    static DeviceException notYet(String message, Problem problem) {
        return new DeviceException(Kind.UNREACHABLE, message, problem);
    }

    public Kind kind() {
        return kind;
    }

    /** The code of the gateway's problem details, if it refused or asked to come again. */
    public Optional<String> problemCode() {
        return problemCode.isEmpty() ? Optional.empty() : Optional.of(problemCode);
    }
}
