package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the form of signatures and of files with secrets promises. */
class WireFormTest {
    @Test
    void aHandOverShowsNoSecretAsText() throws Exception {
        TestNetwork network = new TestNetwork();
        Voucher voucher = network.voucher("*", 1);
        Bytes psk = Enrolment.presharedKey(Bytes.utf8("secret"), voucher.id());
        HandOver handOver = new HandOver(
                "city",
                "seattle",
                network.chain,
                "gateway-1",
                "::1",
                5684,
                network.gateway.dtls().publicKey(),
                voucher,
                network.voucherKey,
                psk);

        assertThat(HandOver.fromText(handOver.toText()).encode()).isEqualTo(handOver.encode());
        assertThat(handOver.toString())
                .doesNotContain(psk.toHex())
                .doesNotContain(network.voucherKey.scalar().toHex());
    }

    @Test
    void signaturesMustBeSortedByKidAndNoneTwice() throws Exception {
        TestNetwork network = new TestNetwork();
        SignedTransaction join = network.join("d-1", Identity.generate(network.random), network.voucher("*", 1));
        List<CoseSign.Signature> reversed = List.of(join.signature(2), join.signature(1), join.signature(0));
        List<CoseSign.Signature> twice =
                List.of(join.signature(0), join.signature(0), join.signature(1), join.signature(2));

        for (List<CoseSign.Signature> wrong : List.of(reversed, twice)) {
            Bytes encoded = new CoseSign(join.body(), wrong).encode();
            assertThatThrownBy(() -> SignedTransaction.decode(encoded)).hasMessageContaining("sorted by kid");
        }
    }

    @Test
    void theHighSTwinOfASignatureIsRefused() {
        KeyPair pair = KeyPair.generate(new java.security.SecureRandom());
        Bytes message = Bytes.utf8("message");
        Bytes signature = pair.sign(message);
        java.math.BigInteger n =
                new java.math.BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        byte[] twinS = n.subtract(
                        new java.math.BigInteger(1, signature.slice(32, 64).toArray()))
                .toByteArray();
        byte[] twin = signature.toArray();
        java.util.Arrays.fill(twin, 32, 64, (byte) 0);
        int length = Math.min(32, twinS.length);
        System.arraycopy(twinS, twinS.length - length, twin, 64 - length, length);

        assertThat(TestNetwork.VERIFIER.verify(pair.publicKey(), message, signature))
                .isTrue();
        assertThat(new dev.latchkey.cose.BouncyEcVerifier().verify(pair.publicKey(), message, Bytes.wrap(twin)))
                .as("the twin is valid ECDSA")
                .isTrue();
        assertThat(TestNetwork.VERIFIER.verify(pair.publicKey(), message, Bytes.wrap(twin)))
                .isFalse();
    }
}
