package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.admin.MembersSeen.Place;
import dev.latchkey.transaction.ChainId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MembersSeenTest {
    private static final int MOST = 64;
    private static final ChainId CHAIN = new ChainId(Digest.sha256(Bytes.utf8("chain")));

    private long millis;
    private final MembersSeen seen = new MembersSeen(MOST, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    });

    @Test
    void whoWasSilentLongestIsForgotten() {
        for (int i = 0; i < MOST; i++) {
            millis = i;
            seen.request(new Place(CHAIN, "d-" + i));
        }
        millis = 1_000;
        seen.request(new Place(CHAIN, "d-0"));
        assertThat(seen.size()).isEqualTo(MOST);

        millis = 1_001;
        seen.request(new Place(CHAIN, "one-more"));

        assertThat(seen.size()).isEqualTo(MOST - MOST / 8);
        assertThat(seen.of(CHAIN, "d-0").orElseThrow().requests()).isEqualTo(2);
        assertThat(seen.of(CHAIN, "d-0").orElseThrow().firstMillis()).isZero();
        assertThat(seen.of(CHAIN, "d-0").orElseThrow().lastMillis()).isEqualTo(1_000);
        assertThat(seen.of(CHAIN, "d-1")).isEmpty();
        assertThat(seen.of(CHAIN, "d-63")).isPresent();
        assertThat(seen.of(CHAIN, "one-more")).isPresent();
    }

    @Test
    void howeverManyComeItStaysBounded() {
        for (int i = 0; i < 100 * MOST; i++) {
            millis = i;
            seen.request(new Place(CHAIN, "d-" + i));
            assertThat(seen.size()).isLessThanOrEqualTo(MOST);
        }
        assertThat(seen.in(CHAIN)).hasSizeLessThanOrEqualTo(MOST);
    }
}
