package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import org.junit.jupiter.api.Test;

/** The agreed x coordinate is 32 bytes whatever it begins with: one opener in 256 would not open otherwise. */
class AgreedCoordinateTrapTest {
    /** One in 256 does; the seed is fixed. */
    private static final int ENOUGH = 4_000;

    private final Town town = new Town();

    @Test
    void anOpenerWhoseAgreedCoordinateBeginsWithAZeroOpens() throws Exception {
        for (int i = 0; i < ENOUGH; i++) {
            Opened opened = town.open(town.toBob);
            Bytes ephemeral =
                    OpenerHead.read(opened.opener()).sealed().keys().get(0).ephemeral();
            if (town.bobKex.agree(CoseKey.decode(ephemeral)).get(0) == 0) {
                ReceivingSession session = town.accept(town.bob, opened.opener());
                Bytes reading = opened.session().seal(Town.reading(1)).message();
                assertThat(session.open("ann", reading, Town.NOW).contents().pack())
                        .isEqualTo(Town.pack(1));
                return;
            }
        }
        throw new AssertionError("no such coordinate");
    }
}
