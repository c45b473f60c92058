package dev.latchkey.device;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.envelope.DigestLog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What a device is given from outside; immutable.
 *
 * @param verifier checks signatures
 * @param clock tells the time; the process's own in service
 * @param random makes keys, session secrets and waits
 * @param options how it sends
 * @param mode whose word it takes for other members' keys
 * @param freshness oldest checkpoint on which it relies for a recipient's key (ledger.md asks for 10 minutes)
 * @param keyAge how long ago it may have looked up a recipient's key to seal to it without asking again
 * @param witnesses fresh cosignatures that a checkpoint needs before a reading is sealed under it; none: as many as the
 *     policy demands
 * @param firstWait wait before the first repetition of what failed, doubled at each
 * @param longestWait longest wait between repetitions
 * @param giveUpAfter time after which what could not be done fails
 * @param inboxPoll how often the inbox is asked in case a notification was lost, and its observation renewed
 * @param outstanding requests on their way at once (RFC 7252, section 4.7: NSTART)
 * @param digestEvery after how many acknowledged readings of a session with one recipient it signs for them; 0 for never
 * @param sharedDigestEvery the same in a session of several recipients, where only that tells who sealed a reading
 * @param keyDirectory where the private keys lie, if not in the device's directory
 */
public record DeviceSettings(
        EcVerifier verifier,
        Clock clock,
        SecureRandom random,
        ClientOptions options,
        Verification mode,
        Duration freshness,
        Duration keyAge,
        OptionalInt witnesses,
        Duration firstWait,
        Duration longestWait,
        Duration giveUpAfter,
        Duration inboxPoll,
        int outstanding,
        int digestEvery,
        int sharedDigestEvery,
        Optional<Path> keyDirectory) {
    public DeviceSettings {
        Objects.requireNonNull(verifier);
        if (outstanding < 1) {
            throw new IllegalArgumentException("at least one request may be on its way");
        }
        if (digestEvery < 0
                || sharedDigestEvery < 0
                || Math.max(digestEvery, sharedDigestEvery) > DigestLog.MAX_READINGS) {
            throw new IllegalArgumentException("a digest covers 1 to 512 readings");
        }
        if (keyAge.isNegative() || freshness.isNegative()) {
            throw new IllegalArgumentException("an age is not negative");
        }
    }

    /**
     * Shorter than RFC 7252 allows on any link: a gateway that died and is back drops what it cannot decipher without a
     * word, and only a request that timed out begins a new handshake.
     */
    private static final ClientOptions BROADBAND = ClientOptions.DEFAULT
            .withRetransmission(Duration.ofSeconds(1), 2)
            .withRequestTimeout(Duration.ofSeconds(10))
            .withHandshake(Duration.ofSeconds(1), 3);

    /**
     * For a device on a broadband link: it verifies for itself, with 10 minutes of freshness, has 15 minutes of patience,
     * and one request on its way at a time.
     */
    public static DeviceSettings standard(EcVerifier verifier) {
        Draft draft = new Draft();
        draft.verifier = verifier;
        return draft.settings();
    }

    public DeviceSettings withClock(Clock other) {
        return with(draft -> draft.clock = other);
    }

    public DeviceSettings withRandom(SecureRandom other) {
        return with(draft -> draft.random = other);
    }

    public DeviceSettings withOptions(ClientOptions other) {
        return with(draft -> draft.options = other);
    }

    public DeviceSettings withMode(Verification other) {
        return with(draft -> draft.mode = other);
    }

    public DeviceSettings withFreshness(Duration other) {
        return with(draft -> draft.freshness = other);
    }

    /** Zero to look a recipient's key up for each session. */
    public DeviceSettings withKeyAge(Duration other) {
        return with(draft -> draft.keyAge = other);
    }

    /** Another number of witnesses than the policy's. */
    public DeviceSettings withWitnesses(int q) {
        return with(draft -> draft.witnesses = OptionalInt.of(q));
    }

    /** Other waits between repetitions, and another patience in all. */
    public DeviceSettings withPatience(Duration first, Duration longest, Duration inAll) {
        return with(draft -> {
            draft.firstWait = first;
            draft.longestWait = longest;
            draft.giveUpAfter = inAll;
        });
    }

    public DeviceSettings withInboxPoll(Duration other) {
        return with(draft -> draft.inboxPoll = other);
    }

    public DeviceSettings withOutstanding(int requests) {
        return with(draft -> draft.outstanding = requests);
    }

    /** After how many readings this device signs for them, to one recipient and to several. */
    public DeviceSettings withDigests(int toOne, int toSeveral) {
        return with(draft -> {
            draft.digestEvery = toOne;
            draft.sharedDigestEvery = toSeveral;
        });
    }

    /** A directory for this device's private keys alone; made if it is not there. */
    public DeviceSettings withKeyDirectory(Path other) {
        return with(draft -> draft.keyDirectory = Optional.of(other));
    }

    private DeviceSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings while they are put together; begins as the standard ones, without a verifier. */
    private static final class Draft {
        private EcVerifier verifier;
        private Clock clock = Clock.systemUTC();
        private SecureRandom random;
        private ClientOptions options = BROADBAND;
        private Verification mode = Verification.SELF_VERIFIED;
        private Duration freshness = Duration.ofMinutes(10);
        private Duration keyAge = freshness;
        private OptionalInt witnesses = OptionalInt.empty();
        private Duration firstWait = Duration.ofMillis(500);
        private Duration longestWait = Duration.ofSeconds(30);
        private Duration giveUpAfter = Duration.ofMinutes(15);
        private Duration inboxPoll = Duration.ofMinutes(1);
        private int outstanding = 1;
        private int digestEvery = 256;
        private int sharedDigestEvery = 64;
        private Optional<Path> keyDirectory = Optional.empty();

        Draft() {
            random = new SecureRandom();
        }

        Draft(DeviceSettings from) {
            verifier = from.verifier;
            clock = from.clock;
            random = from.random;
            options = from.options;
            mode = from.mode;
            freshness = from.freshness;
            keyAge = from.keyAge;
            witnesses = from.witnesses;
            firstWait = from.firstWait;
            longestWait = from.longestWait;
            giveUpAfter = from.giveUpAfter;
            inboxPoll = from.inboxPoll;
            outstanding = from.outstanding;
            digestEvery = from.digestEvery;
            sharedDigestEvery = from.sharedDigestEvery;
            keyDirectory = from.keyDirectory;
        }

        DeviceSettings settings() {
            return new DeviceSettings(
                    verifier,
                    clock,
                    random,
                    options,
                    mode,
                    freshness,
                    keyAge,
                    witnesses,
                    firstWait,
                    longestWait,
                    giveUpAfter,
                    inboxPoll,
                    outstanding,
                    digestEvery,
                    sharedDigestEvery,
                    keyDirectory);
        }
    }
}
