package dev.latchkey.device;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.cose.EcVerifier;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a device is given from outside; immutable.
 *
 * @param verifier checks signatures
 * @param clock tells the time; the process's own in service
 * @param random makes keys, session secrets and waits
 * @param options how it sends
 * @param freshness oldest checkpoint on which it relies for a recipient's key (ledger.md asks for 10 minutes)
 * @param firstWait wait before the first repetition of what failed, doubled at each
 * @param longestWait longest wait between repetitions
 * @param giveUpAfter time after which what could not be done fails
 * @param inboxPoll how often the inbox is asked in case a notification was lost, and its observation renewed
 * @param outstanding requests on their way at once (RFC 7252, section 4.7: NSTART)
 * @param witnesses fresh cosignatures that a checkpoint needs before a reading is sealed under it; none: as many as the
 *     policy demands
 */
public record DeviceSettings(
        EcVerifier verifier,
        Clock clock,
        SecureRandom random,
        ClientOptions options,
        Duration freshness,
        Duration firstWait,
        Duration longestWait,
        Duration giveUpAfter,
        Duration inboxPoll,
        int outstanding,
        OptionalInt witnesses) {
    public DeviceSettings {
        if (outstanding < 1) {
            throw new IllegalArgumentException("at least one request may be on its way");
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

    /** For a device on a broadband link: 10 minutes of freshness, 15 minutes of patience, one request at a time. */
    public static DeviceSettings standard(EcVerifier verifier) {
        return new DeviceSettings(
                verifier,
                Clock.systemUTC(),
                new SecureRandom(),
                BROADBAND,
                Duration.ofMinutes(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15),
                Duration.ofMinutes(1),
                1,
                OptionalInt.empty());
    }

    public DeviceSettings withClock(Clock other) {
        return new DeviceSettings(
                verifier,
                other,
                random,
                options,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                inboxPoll,
                outstanding,
                witnesses);
    }

    public DeviceSettings withRandom(SecureRandom other) {
        return new DeviceSettings(
                verifier,
                clock,
                other,
                options,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                inboxPoll,
                outstanding,
                witnesses);
    }

    public DeviceSettings withOptions(ClientOptions other) {
        return new DeviceSettings(
                verifier,
                clock,
                random,
                other,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                inboxPoll,
                outstanding,
                witnesses);
    }

    /** Other waits between repetitions, and another patience in all. */
    public DeviceSettings withPatience(Duration first, Duration longest, Duration inAll) {
        return new DeviceSettings(
                verifier, clock, random, options, freshness, first, longest, inAll, inboxPoll, outstanding, witnesses);
    }

    public DeviceSettings withInboxPoll(Duration other) {
        return new DeviceSettings(
                verifier,
                clock,
                random,
                options,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                other,
                outstanding,
                witnesses);
    }

    /** Another number of witnesses than the policy's. */
    public DeviceSettings withWitnesses(int q) {
        return new DeviceSettings(
                verifier,
                clock,
                random,
                options,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                inboxPoll,
                outstanding,
                OptionalInt.of(q));
    }

    public DeviceSettings withOutstanding(int requests) {
        return new DeviceSettings(
                verifier,
                clock,
                random,
                options,
                freshness,
                firstWait,
                longestWait,
                giveUpAfter,
                inboxPoll,
                requests,
                witnesses);
    }
}
