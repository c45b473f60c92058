package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.security.SecureRandom;
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

    @Test
    void aKeyIsCurrentFromItsRecordsHeightOn() {
        assertThat(SenderRule.allows(record(MemberState.ACTIVE, 7), kid, 7)).isTrue();
        assertThat(SenderRule.allows(record(MemberState.ACTIVE, 7), kid, 8)).isTrue();
        assertThat(SenderRule.allows(record(MemberState.ACTIVE, 7), kid, 6)).isFalse();
    }

    @Test
    void anotherKeyIsNotTheSenders() {
        KeyId other = identity.dtls().publicKey().kid();
        assertThat(SenderRule.allows(record(MemberState.ACTIVE, 7), other, 8)).isFalse();
    }

    @Test
    void aRevokedOrSuspendedKeyCannotBeDatedBack() {
        for (long height = 0; height < 12; height++) {
            assertThat(SenderRule.allows(record(new MemberState.Revoked(), 7), kid, height))
                    .isFalse();
            assertThat(SenderRule.allows(record(new MemberState.Suspended(), 7), kid, height))
                    .isFalse();
        }
    }

    @Test
    void whatAMemberSentBeforeItLeftStillOpens() {
        assertThat(SenderRule.allows(record(MemberState.LEFT, 7), kid, 6)).isTrue();
        assertThat(SenderRule.allows(record(MemberState.LEFT, 7), kid, 7)).isFalse();
    }
}
