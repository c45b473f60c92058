package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.protocol.ContentFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readings name their session by four bytes, and whoever wants two sessions with the same four needs some 77,000
 * attempts. A gateway takes the second for neither of their members.
 */
class SessionTagCollisionTest {
    private static final int OPENER = ContentFormat.COSE_SIGN1;
    private static final int READING = ContentFormat.COSE_ENCRYPT0;
    private static final int MAX_OPENER = 10_240;
    private static final int TRIED_BYTES = 4;

    @TempDir
    Path directory;

    @Test
    void aSecondSessionWithTheSameFourBytesIsRefusedAndTheFirstGoesOn() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory)) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            List<Bytes> pair = colliding(sender, recipient);
            assertThat(sender.post("/m", OPENER, pair.get(0)).code()).isEqualTo(Code.CHANGED);
            var refused = sender.post("/m", OPENER, pair.get(1));
            assertThat(TestDevice.code(refused)).isEqualTo("session-id-taken");
            assertThat(refused.code()).isEqualTo(Code.CONFLICT);
            assertThat(sender.post("/m", OPENER, pair.get(0)).code())
                    .as("the first opener again")
                    .isEqualTo(Code.CHANGED);
            Bytes reading = TestDevice.sealed(sender.session(recipient), "1");
            assertThat(sender.post("/m", READING, reading).code())
                    .as("a session of its own")
                    .isEqualTo(Code.CHANGED);
            assertThat(recipient.inbox(0)).hasSize(3);
        }
    }

    /** Else what a member still sends in the first, not knowing that it is over, would go to those of the second. */
    @Test
    void theFourBytesOfASessionThatIsOverStayTaken() throws Exception {
        try (GatewayHarness harness = new GatewayHarness(directory, "limits.sessions-per-member = 1")) {
            TestDevice sender = harness.served("d-1");
            TestDevice recipient = harness.served("d-2");
            List<Bytes> pair = colliding(sender, recipient);
            assertThat(sender.post("/m", OPENER, pair.get(0)).code()).isEqualTo(Code.CHANGED);
            sender.session(recipient);

            assertThat(TestDevice.code(sender.post("/m", OPENER, pair.get(1)))).isEqualTo("session-id-taken");

            sender.session(recipient);
        }
    }

    /** Two openers whose session ids begin alike: one that seals something, with other ciphertexts in its place. */
    private static List<Bytes> colliding(TestDevice sender, TestDevice recipient) throws Exception {
        CoseSign1 genuine = CoseSign1.decode(sender.open(recipient).opener(), MAX_OPENER);
        Bytes aad = externalAad(sender.checkpoint());
        byte[] whole = genuine.toBeSigned(aad).toArray();
        List<Item> parts = Cbor.decode(genuine.payload(), MAX_OPENER).asArray();
        int at = Bytes.wrap(whole).toHex().indexOf(parts.get(2).asBytes().toHex()) / 2;
        Map<Integer, byte[]> seen = new HashMap<>();
        Random random = new Random(7);
        while (true) {
            byte[] tried = new byte[TRIED_BYTES];
            random.nextBytes(tried);
            System.arraycopy(tried, 0, whole, at, TRIED_BYTES);
            int tag = ByteBuffer.wrap(Digest.sha256(Bytes.of(whole)).bytes().toArray())
                    .getInt();
            byte[] other = seen.put(tag, tried);
            if (other != null && !java.util.Arrays.equals(other, tried)) {
                return List.of(signed(genuine, other, aad, sender), signed(genuine, tried, aad, sender));
            }
        }
    }

    private static Bytes signed(CoseSign1 genuine, byte[] beginning, Bytes aad, TestDevice sender) throws Exception {
        List<Item> parts = new java.util.ArrayList<>(
                Cbor.decode(genuine.payload(), MAX_OPENER).asArray());
        byte[] ciphertext = parts.get(2).asBytes().toArray();
        System.arraycopy(beginning, 0, ciphertext, 0, TRIED_BYTES);
        parts.set(2, Cbor.bytes(Bytes.wrap(ciphertext)));
        return CoseSign1.sign(genuine.protectedHeader(), Cbor.encode(Cbor.array(parts)), aad, sender.identity.sig())
                .encode();
    }

    private static Bytes externalAad(VerifiedCheckpoint under) {
        Bytes context = Cbor.encode(Cbor.array(
                Cbor.text("latchkey/1"),
                Cbor.bytes(under.checkpoint().chain().bytes()),
                Cbor.uint(under.checkpoint().height()),
                Cbor.bytes(under.checkpoint().blockHash().bytes())));
        return Cbor.encode(Cbor.array(Cbor.text("latchkey/1/opener"), Cbor.bytes(context)));
    }
}
