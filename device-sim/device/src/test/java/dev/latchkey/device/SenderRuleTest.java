package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SenderRuleTest {
    private final Identity identity = Identity.generate(new SecureRandom());
    private final KeyId kid = identity.sig().publicKey().kid();

    private MemberRecord record(MemberState state, long height) {
        return new MemberRecord(
                "ann",
                Bytes.wrap(new byte[16]),
                1,
                state,
                Role.MEMBER,
                identity.keys(),
                height,
                Optional.empty(),
                Optional.empty());
    }

    private static boolean allows(MemberRecord record, KeyId kid, long height) {
        boolean allowed = SenderRule.allows(List.of(record), kid, height);
        SenderRule.judged(record, kid, height)
                .ifPresent(verdict -> assertThat(verdict).isEqualTo(allowed));
        return allowed;
    }

    private MemberRecord with(MemberRecord before, Identity keys) {
        return before.next(before.height() + 2).with(keys.keys(), Optional.empty());
    }

    @Test
    void aKeyThatWasRotatedAwayStandsForWhatItSigned() {
        MemberRecord first = record(MemberState.ACTIVE, 7);
        Identity other = Identity.generate(new SecureRandom());
        MemberRecord second = with(first, new Identity(other.sig(), other.kex(), identity.dtls()));
        assertThat(SenderRule.allows(List.of(second, first), kid, 8)).isTrue();
        assertThat(SenderRule.allows(List.of(second, first), kid, 9)).isFalse();
        assertThat(SenderRule.allows(
                        List.of(second, first), other.sig().publicKey().kid(), 9))
                .isTrue();
        assertThat(SenderRule.allows(List.of(second, first), kid, 6)).isFalse();
    }

    @Test
    void aKeyThatWasRecoveredOrSuspendedMeanwhileDoesNot() {
        MemberRecord first = record(MemberState.ACTIVE, 7);
        MemberRecord recovered = with(first, Identity.generate(new SecureRandom()));
        assertThat(SenderRule.allows(List.of(recovered, first), kid, 8)).isFalse();
        MemberRecord suspended = first.next(9).in(new MemberState.Suspended());
        MemberRecord resumed = suspended.next(11).in(MemberState.ACTIVE);
        assertThat(SenderRule.allows(List.of(resumed, suspended, first), kid, 8))
                .isFalse();
        assertThat(SenderRule.allows(List.of(resumed, suspended, first), kid, 11))
                .isTrue();
    }

    @Test
    void aKeyIsCurrentFromItsRecordsHeightOn() {
        assertThat(allows(record(MemberState.ACTIVE, 7), kid, 7)).isTrue();
        assertThat(allows(record(MemberState.ACTIVE, 7), kid, 8)).isTrue();
        assertThat(SenderRule.judged(record(MemberState.ACTIVE, 7), kid, 6)).isEmpty();
    }

    @Test
    void anotherKeyIsNotTheSenders() {
        KeyId other = identity.dtls().publicKey().kid();
        assertThat(allows(record(MemberState.ACTIVE, 7), other, 8)).isFalse();
    }

    @Test
    void aRevokedOrSuspendedKeyCannotBeDatedBack() {
        for (long height = 0; height < 12; height++) {
            assertThat(allows(record(new MemberState.Revoked(), 7), kid, height))
                    .isFalse();
            assertThat(allows(record(new MemberState.Suspended(), 7), kid, height))
                    .isFalse();
        }
    }

    @Test
    void whatAMemberSentBeforeItLeftStillOpens() {
        assertThat(SenderRule.allows(List.of(record(MemberState.LEFT, 7), record(MemberState.ACTIVE, 2)), kid, 6))
                .isTrue();
        assertThat(allows(record(MemberState.LEFT, 7), kid, 7)).isFalse();
    }
}
