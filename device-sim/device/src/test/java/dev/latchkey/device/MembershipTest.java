package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.ChainId;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private final Membership membership = new Membership(
            "ann",
            new ChainId(Digest.sha256(Bytes.utf8("chain"))),
            "seattle",
            7,
            "gateway-1",
            "127.0.0.1",
            5684,
            KeyPair.generate(new SecureRandom()).publicKey(),
            false,
            List.of(new Membership.Former(
                    "anna", new ChainPlace(new ChainId(Digest.sha256(Bytes.utf8("before"))), "tacoma", 3))));

    @Test
    void itComesBackAsItWasWritten() throws Exception {
        assertThat(Membership.decode(membership.encode())).isEqualTo(membership);
        assertThat(Membership.decode(membership.asLeft().encode()).left()).isTrue();
    }

    @Test
    void damagedOrNewerBytesAreRefused() {
        byte[] whole = membership.encode().toArray();
        for (int cut = 0; cut < whole.length; cut++) {
            Bytes part = Bytes.of(java.util.Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> Membership.decode(part)).isInstanceOf(DeviceException.class);
        }
        byte[] newer = whole.clone();
        newer[1 + 2 + "latchkey device membership".length()] = 3;
        assertThatThrownBy(() -> Membership.decode(Bytes.wrap(newer)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("version");
    }
}
