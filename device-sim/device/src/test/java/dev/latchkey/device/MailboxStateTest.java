package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import org.junit.jupiter.api.Test;

class MailboxStateTest {
    private static Bytes encoded(long last, long acknowledged, long expired, long expiredUpTo) {
        return Cbor.encode(Cbor.array(
                Cbor.uint(last),
                Cbor.uint(acknowledged),
                Cbor.uint(3),
                Cbor.uint(900),
                Cbor.NULL,
                Cbor.uint(expired),
                Cbor.uint(expiredUpTo)));
    }

    @Test
    void aMailboxThatEndsBeforeWhatWasReadIsRefused() throws Exception {
        MailboxState state = MailboxState.decode(encoded(9, 4, 0, 0));
        assertThat(state.reaching(9)).isEqualTo(new MailboxState(9, 4, 0, 0));
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> state.reaching(10))
                .withMessageContaining("set back");
    }

    @Test
    void whatWasLostIsToldToWhoHasNotReadIt() throws Exception {
        MailboxState state = MailboxState.decode(encoded(9, 4, 2, 6));
        assertThat(state.lostBehind(5)).isTrue();
        assertThat(state.lostBehind(6)).isFalse();
        assertThat(MailboxState.decode(encoded(9, 6, 2, 6)).lostBehind(0)).isFalse();
    }

    @Test
    void whatIsNoStateIsRefused() {
        for (Item item : new Item[] {Cbor.NULL, Cbor.array(), Cbor.array(Cbor.uint(1))}) {
            assertThatExceptionOfType(DeviceException.class)
                    .isThrownBy(() -> MailboxState.decode(Cbor.encode(item)))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.UNPROVED));
        }
    }
}
