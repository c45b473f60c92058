package dev.latchkey.device;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * A member's record as a device knows it, with its age: {@link ProvedKey} or {@link ToldKey}, as {@link Verification}
 * says. Whether the keys are current is for {@link MemberRecord#isActive} to say.
 */
public sealed interface MemberKey permits ProvedKey, ToldKey {
    /** The chain that the member is in: of one that has moved, the chain that it is in now. */
    ChainId chain();

    MemberRecord record();

    /** When the gateway was asked for it. */
    Instant asked();

    /** Whether this device has proved it from the chain id on; else it is the gateway's word alone. */
    default boolean isProved() {
        return this instanceof ProvedKey;
    }

    /**
     * Whether the chain does not have it, and may refuse it: it joined while the gateway's cloud was away. Only in {@link
     * Verification#DELEGATED}.
     */
    default boolean isProvisional() {
        return this instanceof ToldKey && ((ToldKey) this).provisional();
    }

    /** How long ago the gateway was asked for it, never negative. */
    default Duration age(Instant now) {
        Duration age = Duration.between(asked(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
