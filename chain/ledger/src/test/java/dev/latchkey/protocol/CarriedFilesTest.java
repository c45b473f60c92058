package dev.latchkey.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that people carry between machines: join tickets and parts. */
class CarriedFilesTest {
    private static final long SEED = 20_261_122;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ChainId chain = new ChainId(Digest.sha256(Bytes.utf8("chain")));
    private final Identity device = Identity.generate(RANDOM);
    private final Join join = new Join("d-1", 1, Role.MEMBER, device.keys(), Optional.empty(), Optional.empty());
    private final JoinTicket ticket = new JoinTicket(
            "city",
            "seattle",
            chain,
            "gateway-1",
            "localhost",
            5684,
            KeyPair.generate(RANDOM).publicKey(),
            join,
            Bytes.fromHex("8340a0"),
            Enrolment.presharedKey(Bytes.utf8("secret"), JoinTicket.enrolmentId(chain, join)));
    private final RecoverByOperators recover = new RecoverByOperators("d-1", 2, device.keys(), Optional.empty());
    private final KeyPair operator = KeyPair.generate(RANDOM);

    private PartTransaction part() {
        return PartTransaction.unsigned("city", "seattle", chain, recover)
                .signedBy(device)
                .signedBy(operator);
    }

    @Test
    void aTicketComesBackAsItWent() throws Exception {
        JoinTicket read = JoinTicket.fromText(ticket.toText() + "\n");
        assertThat(read).isEqualTo(ticket);
        assertThat(read.toString()).doesNotContain(ticket.presharedKey().toHex());
        assertThat(Enrolment.voucherId(Enrolment.identity(read.enrolmentId(), Bytes.fromHex("01020304"))))
                .contains(read.enrolmentId());
    }

    @Test
    void aPartIsFinishedToWhatWasSignedInOneGo() throws Exception {
        PartTransaction read = PartTransaction.fromText(part().toText());
        assertThat(read).isEqualTo(part());
        assertThat(read.finish().encode())
                .isEqualTo(TransactionSigning.of(recover, chain)
                        .by(device.sig())
                        .possessedBy(device.dtls())
                        .by(operator)
                        .finish()
                        .encode());
        assertThat(read.without(operator.publicKey().kid()).finish().kids()).hasSize(2);
        assertThatThrownBy(() -> PartTransaction.unsigned("city", "seattle", chain, recover)
                        .finish())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsCutOrChangedIsRefusedOrReadsAsItself() {
        interface Reader {
            Bytes again(Bytes bytes) throws Exception;
        }
        Random random = new Random(SEED);
        for (Bytes sample : new Bytes[] {ticket.encode(), part().encode()}) {
            Reader reader = sample.equals(ticket.encode())
                    ? bytes -> JoinTicket.decode(bytes).encode()
                    : bytes -> PartTransaction.decode(bytes).encode();
            for (int size = 0; size < sample.size(); size++) {
                Bytes cut = sample.slice(0, size);
                assertThatThrownBy(() -> reader.again(cut)).isInstanceOf(MalformedMessageException.class);
            }
            for (int i = 0; i < 400; i++) {
                byte[] changed = sample.toArray();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                Bytes mutated = Bytes.wrap(changed);
                try {
                    assertThat(reader.again(mutated)).isEqualTo(mutated);
                } catch (Exception e) {
                    assertThat(e).isInstanceOf(MalformedMessageException.class);
                }
            }
        }
    }

    @Test
    void aTextThatIsTooLongOrSomethingElseIsRefused() {
        assertThatThrownBy(() -> JoinTicket.fromText("latchkey1.AAAA"))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("latchkey1-ticket.");
        assertThatThrownBy(() -> JoinTicket.fromText("latchkey1-ticket." + "A".repeat(4_000)))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> PartTransaction.fromText("latchkey1-part.!"))
                .isInstanceOf(MalformedMessageException.class);
        assertThat(SignedTransaction.MAX_BYTES).isLessThan(PartTransaction.MAX_BYTES);
    }
}
