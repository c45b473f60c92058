package dev.latchkey.sim.fleet;

import dev.latchkey.device.DeviceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a device could not do, in a sentence that says what to do next. Stateless. */
public final class Explained {
    private static final String UNEXPLAINED = "unexplained";

    private static final Set<DeviceException.Kind> OF_ONE_THING = EnumSet.of(
            DeviceException.Kind.REFUSED,
            DeviceException.Kind.NOT_ACTIVE,
            DeviceException.Kind.UNKNOWN_MEMBER,
            DeviceException.Kind.NO_RECIPIENT);

    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("name-taken", "the name is taken: choose another with --name, or leave it out for a random one"),
            Map.entry(
                    "bad-name", "the chain takes names of 1 to 32 of a-z 0-9 . _ - that begin with a letter or digit"),
            Map.entry(
                    "voucher-expired",
                    "the voucher is past its time: ask the operator for a new one (latchkey operator voucher)"),
            Map.entry(
                    "voucher-used-up",
                    "the voucher has no use left: ask the operator for a new one (latchkey operator voucher --uses N)"),
            Map.entry(
                    "voucher-scope",
                    "the voucher is for other names: choose one that it covers with --name, or ask for another voucher"),
            Map.entry(
                    "voucher-signature",
                    "the voucher is not by an administrator of this chain: ask the operator for a new one"),
            Map.entry(
                    "voucher-key", "the join is not signed by the voucher's key: ask the operator for a new hand-over"),
            Map.entry("voucher-chain", "the voucher is for another chain: ask the operator for a new hand-over"),
            Map.entry("batch-expired", "the ticket is past its time: ask the operator to endorse the keys again"),
            Map.entry("batch-scope", "the ticket is for another join: ask the operator to endorse the keys again"),
            Map.entry("batch-chain", "the ticket is for another chain: ask the operator for one of this"),
            Map.entry(
                    "batch-signature",
                    "the ticket is not by an administrator of this chain: ask the operator for another"),
            Map.entry(
                    "key-reused",
                    "these keys have been registered before: begin with an empty directory, so that new ones are made"),
            Map.entry("unknown-name", "the chain has no member of that name: check the name"),
            Map.entry(
                    "unknown-recipient",
                    "the chain has no active member of that name: check it with latchkey device key"),
            Map.entry(
                    "not-a-member",
                    "the gateway serves no sub-network in which this device is an active member: after a move repeat the command"
                            + " when the gateway serves the new one (chains in its settings), else ask the operator"),
            Map.entry("provisional-refused", "the chain refused this device's join: repeat the join to learn why"),
            Map.entry(
                    "provisional-expired",
                    "the gateway could not ask the chain for longer than it keeps a join: join again when its cloud is back"),
            Map.entry(
                    "not-served-here",
                    "one of them joined while the gateway's cloud was away, and another is not at that gateway: repeat it when"
                            + " the chain has decided"),
            Map.entry(
                    "cloud-away",
                    "the gateway answers but cannot reach the cloud: nothing is lost, repeat the command later"),
            Map.entry("not-ready", "the gateway has not read the chain yet: repeat the command in a moment"),
            Map.entry("too-large", "the reading is too large for one message: send fewer values at a time"),
            Map.entry(
                    "too-many",
                    "the device has made all the changes that the chain allows in an hour: repeat it later"),
            Map.entry(
                    "next-key",
                    "the chain expects another next key than next.pem: use the newest copy of the directory"),
            Map.entry("unknown-chain", "the gateway does not serve that sub-network: check the name"),
            Map.entry(
                    "not-sibling",
                    "the two sub-networks do not know each other: ask the operator (latchkey operator chain)"),
            Map.entry(
                    "stale-proof", "the gateway's view of the other sub-network is too old: repeat the command later"),
            Map.entry("deadline", "the time for the move is over: repeat the command, the device goes back first"),
            Map.entry("recovery", "there is no recovery that waits for this device, or its time to object is over"),
            Map.entry(
                    "bad-sequence",
                    "another change of this device came first: look at it with latchkey device key, then repeat"),
            Map.entry(UNEXPLAINED, "the gateway refused and did not say why: see its log"));

    private Explained() {}

    /** One line. */
    public static String text(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof DeviceException device) {
            return device(device);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Whether device or gateway said no to this one thing, so that another one may succeed. */
    static boolean isRefusal(Throwable failure) {
        return cause(failure) instanceof DeviceException device && OF_ONE_THING.contains(device.kind());
    }

    /** A fixed word for what failed: the gateway's code if it gave one, else the device's kind. */
    public static String kind(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof DeviceException device) {
            return device.problemCode()
                    .filter(code -> !code.equals(UNEXPLAINED))
                    .orElseGet(
                            () -> device.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return cause.getClass().getSimpleName();
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String device(DeviceException failure) {
        String code = failure.problemCode().orElse("");
        // A gateway that asked to come again without a reason has not refused.
        if (!code.isEmpty() && !(code.equals(UNEXPLAINED) && failure.kind() == DeviceException.Kind.UNREACHABLE)) {
            return REFUSALS.getOrDefault(code, failure.getMessage());
        }
        return switch (failure.kind()) {
            case UNREACHABLE ->
                failure.getMessage()
                        + ": check that the gateway runs and is reached under the address in the hand-over";
            case UNPROVED ->
                failure.getMessage() + ": the gateway shows what does not follow from the chain id; do not use it";
            case CONTRADICTED ->
                failure.getMessage()
                        + ": do not use it; give the evidence file in the device's directory to the operator (latchkey audit --evidence FILE)";
            case STALE -> failure.getMessage() + ": the gateway has lost the cloud, or a clock is wrong";
            case UNKNOWN_MEMBER ->
                failure.height().isPresent()
                        ? "the chain has no member of that name, proved at block "
                                + failure.height().getAsLong() + ": check the name"
                        : failure.getMessage() + ": check the name, and after @ the chain";
            case UNWITNESSED -> failure.getMessage() + ": repeat the command later; if that goes on, ask the operator";
            case NOT_ACTIVE ->
                failure.getMessage()
                        + ": the operator can say why, and resume who is suspended; who has left or was put out joins again with a new voucher, another name and an empty directory";
            case MOVING ->
                failure.getMessage()
                        + ": repeat the command when that has changed; a move that has begun goes on with it, or back after its deadline";
            case STORE -> failure.getMessage() + file(failure.getCause());
            default -> failure.getMessage();
        };
    }

    /** Which file, and what is the matter with it. */
    private static String file(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof FileSystemException file) {
                return ": " + file.getFile() + ": " + matter(file);
            }
            if (next instanceof IOException && next.getMessage() != null) {
                return ": " + next.getMessage();
            }
        }
        return "";
    }

    private static String matter(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return "is not there";
        }
        if (file instanceof AccessDeniedException) {
            return "no permission";
        }
        return file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
    }
}
