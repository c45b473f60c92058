package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.cose.KeyPair;
import org.junit.jupiter.api.Test;

class BareEchoTest {
    @Test
    void answersAReadingWithTheBytesThatOurServerTakes() throws Exception {
        KeyPair identity = KeyPair.generate(Lab.RANDOM);
        try (BareEcho echo = BareEcho.start(identity, 1, 2);
                ImpairmentRelay relay = new ImpairmentRelay(echo.address(), 1);
                ClientThreads threads = new ClientThreads(2);
                CoapsClient client = CoapsClient.connect(
                        relay.address(),
                        new ClientIdentity.RawKey(KeyPair.generate(Lab.RANDOM)),
                        identity.publicKey()::equals,
                        Lab.QUICK,
                        threads)) {
            for (int i = 0; i < 10; i++) {
                ClientRequest reading = ClientRequest.post("/m", 16, Bytes.wrap(new byte[46]));
                assertThat(Lab.await(client.send(i % 2 == 0 ? reading : reading.nonConfirmable()))
                                .code())
                        .isEqualTo(Code.CHANGED);
            }
            Traffic up = relay.up();
            assertThat(up.applicationData().datagrams()).isEqualTo(10);
            assertThat(up.applicationData().median()).isEqualTo(87);
            assertThat(relay.down().applicationData().median()).isEqualTo(34);
        }
    }
}
