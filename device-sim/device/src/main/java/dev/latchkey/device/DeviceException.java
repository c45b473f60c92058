package dev.latchkey.device;

import dev.latchkey.protocol.Problem;
import java.util.Optional;
import java.util.OptionalLong;

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
        /**
         * The gateway shows a history that contradicts the one it showed before, under signatures of the replicas. What
         * convicts them is in the device's directory, {@code evidence-*.cbor}, or {@code rollback-*.cbor} if a member's
         * record has gone back; nothing of this gateway is relied on.
         */
        CONTRADICTED,
        /**
         * The gateway's word is not true: it is older than what was known already, or other than what it can prove. There
         * is no signature on it to show to others.
         */
        DECEIVED,
        /** The gateway's view of the chain is older than the settings allow. */
        STALE,
        /** Fewer witnesses than demanded stand by the gateway's view of the chain. */
        UNWITNESSED,
        /** The chain has no such member; {@link DeviceException#height()} says at which block that is proved. */
        UNKNOWN_MEMBER,
        /** The member can receive nothing from this device: it is the device itself, or a gateway. */
        NO_RECIPIENT,
        /** The member's keys are not current. */
        NOT_ACTIVE,
        /** A move to another chain could not be begun, or is not at its end yet. */
        MOVING,
        /** The device's directory is not one, holds another device's state, or cannot be written. */
        STORE,
        /** The device was closed, or has left. */
        CLOSED
    }

    private final Kind kind;
    private final String problemCode;
    private final long height;
    private final boolean byChain;

    DeviceException(Kind kind, String message) {
        this(kind, message, (Throwable) null);
    }

    DeviceException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.problemCode = "";
        this.height = -1;
        this.byChain = false;
    }

    private DeviceException(Kind kind, String message, Problem problem) {
        this(kind, message, problem, false);
    }

    private DeviceException(Kind kind, String message, Problem problem, boolean byChain) {
        super(message + ": " + problem.code());
        this.kind = kind;
        this.problemCode = problem.code();
        this.height = -1;
        this.byChain = byChain;
    }

    private DeviceException(Kind kind, String message, long height) {
        super(message);
        this.kind = kind;
        this.problemCode = "";
        this.height = height;
        this.byChain = false;
    }

    static DeviceException nobody(long height) {
        return new DeviceException(Kind.UNKNOWN_MEMBER, "nobody of that name, as the chain proves", height);
    }

    static DeviceException refusedByCloud(Problem problem) {
        return new DeviceException(Kind.REFUSED, "the cloud node refused", problem);
    }

    static DeviceException refused(Problem problem) {
        return problem.code().equals(ProvisionalOutcome.REFUSED)
                        && !problem.detail().isEmpty()
                ? refusedByChain(problem.detail())
                : new DeviceException(Kind.REFUSED, "the gateway refused", problem);
    }

    /** A provisional join, and why the chain does not have it: for the device a refusal like any other. */
    static DeviceException refusedByChain(String code) {
        return new DeviceException(Kind.REFUSED, "the chain refused the provisional join", new Problem(code, ""), true);
    }

    /** Whether this is the chain's last word on a provisional join. */
    boolean isByChain() {
        return byChain;
    }

    /** What the chain would refuse is not sent there. */
    static DeviceException refusedHere(String code) {
        return new DeviceException(Kind.REFUSED, "the hand-over cannot be used", new Problem(code, ""));
    }

    static DeviceException notYet(String message, Problem problem) {
        return new DeviceException(Kind.UNREACHABLE, message, problem);
    }

    public Kind kind() {
        return kind;
    }

    /** The height of the block at which it is proved that there is no such member. */
    public OptionalLong height() {
        return height < 0 ? OptionalLong.empty() : OptionalLong.of(height);
    }

    /** The code of the gateway's problem details, if it refused or asked to come again. */
    public Optional<String> problemCode() {
        return problemCode.isEmpty() ? Optional.empty() : Optional.of(problemCode);
    }
}
