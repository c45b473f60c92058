package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cose.KeyPair;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void noSecretIsPrinted() {
        KeyPair key = KeyPair.generate(Lab.RANDOM);
        assertThat(new ClientIdentity.RawKey(key).toString()).isEqualTo("RawKey");
        assertThat(new ClientIdentity.Psk("a1b2.00000001", Lab.PSK).toString())
                .doesNotContain(Lab.PSK.toHex())
                .doesNotContain(Lab.PSK.toUtf8());
        assertThat(new PskGrant(Lab.PSK, "grant").toString())
                .doesNotContain(Lab.PSK.toHex())
                .doesNotContain(Lab.PSK.toUtf8());
    }
}
