package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.Veto;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every decoder of the ledger: round trip, truncation at every byte, and mutations that never end in another exception. */
class DecodersTest {
    private static final long SEED = 20_261_122;
    private static final int MUTATIONS = 400;

    record Decoder(String name, Bytes sample, Reader reader) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Reader {
        Bytes reencoded(Bytes bytes) throws Exception;
    }

    static Stream<Decoder> decoders() throws Exception {
        TestNetwork network = new TestNetwork();
        Identity device = Identity.generate(network.random);
        Voucher voucher = network.voucher("d-*", 3);
        SignedTransaction join = network.join("d-1", device, voucher);
        network.apply(join.encode());
        Digest session = Digest.sha256(Bytes.utf8("session"));
        Bytes message = Bytes.fromHex("8340a0");
        ServeTicket ticket = ServeTicket.issue(
                network.chain, "d-1", "gateway-1", Instant.ofEpochMilli(TestNetwork.T0), device.sig());
        HandOver handOver = new HandOver(
                "city",
                "seattle",
                network.chain,
                "gateway-1",
                "localhost",
                5684,
                network.gateway.dtls().publicKey(),
                voucher,
                network.voucherKey,
                Enrolment.presharedKey(Bytes.utf8("secret"), voucher.id()));
        Rotate rotate = new Rotate(
                "d-1",
                2,
                Optional.of(network.voucherKey.publicKey()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(session));
        Recover recover = new Recover("d-1", 2, network.gateway.keys(), Optional.empty());
        Standing suspend = new Standing(Standing.Act.SUSPEND, "d-1", 2);
        PolicyChange policy = new PolicyChange(network.state.policy());
        return Stream.of(
                body("rotate", rotate),
                body("recover", recover),
                body(
                        "recover by operators",
                        new RecoverByOperators("d-1", 2, network.gateway.keys(), Optional.of(session))),
                body("veto", new Veto("d-1", 2, Optional.of(network.voucherKey.publicKey()))),
                new Decoder(
                        "pending recovery",
                        new PendingRecovery(TestNetwork.T0, device.keys(), Optional.empty()).encode(),
                        b -> PendingRecovery.decode(b).orElseThrow().encode()),
                body("suspend", suspend),
                body("policy change", policy),
                new Decoder(
                        "key",
                        device.keys().sig().encode(),
                        b -> CoseKey.decode(b).encode()),
                new Decoder(
                        "record",
                        network.state.member("d-1").orElseThrow().encode(),
                        b -> MemberRecord.decode(b).encode()),
                new Decoder(
                        "policy",
                        network.state.policy().encode(),
                        b -> Policy.decode(b).encode()),
                new Decoder("voucher", voucher.encode(), b -> Voucher.decode(b).encode()),
                new Decoder(
                        "transaction",
                        join.encode(),
                        b -> SignedTransaction.decode(b).encode()),
                new Decoder(
                        "genesis",
                        network.genesisTransaction,
                        b -> SignedTransaction.decode(b).encode()),
                new Decoder(
                        "header",
                        network.state.headerBytes(),
                        b -> Header.decode(b).encode()),
                new Decoder("block", network.blocks.get(1), b -> Block.decode(b).encode()),
                new Decoder(
                        "entry",
                        network.entry(join.encode()).encode(),
                        b -> Entry.decode(b).encode()),
                new Decoder(
                        "checkpoint",
                        SignedCheckpoint.sign(
                                        network.state.checkpoint(),
                                        network.replica,
                                        Instant.ofEpochMilli(TestNetwork.T0))
                                .encode(),
                        b -> SignedCheckpoint.decode(b).encode()),
                new Decoder(
                        "problem",
                        new Problem("name-taken", "choose another name").encode(),
                        b -> Problem.decode(b).encode()),
                new Decoder(
                        "serve ticket",
                        ticket.encode(),
                        b -> ServeTicket.decode(b).encode()),
                new Decoder(
                        "hand-over", handOver.encode(), b -> HandOver.decode(b).encode()),
                new Decoder(
                        "message batch",
                        new MessageBatch(
                                        Bytes.fromHex("0102030405060708"),
                                        List.of(ticket.encode()),
                                        List.of(new MessageBatch.Message(
                                                7,
                                                "d-1",
                                                session,
                                                1,
                                                TestNetwork.T0,
                                                16,
                                                message,
                                                List.of("d-2"),
                                                List.of(new MessageBatch.Abroad(network.chain, "d-3")))))
                                .encode(),
                        b -> MessageBatch.decode(b).encode()),
                new Decoder(
                        "batch answer",
                        new BatchAnswer(9, List.of(new BatchAnswer.Refused(8, "unknown-recipient"))).encode(),
                        b -> BatchAnswer.decode(b).encode()),
                new Decoder(
                        "mailbox entry",
                        new MailboxEntry(1, "gateway-1", "d-1", session, TestNetwork.T0, 18, message).encode(),
                        b -> MailboxEntry.decode(b).encode()),
                new Decoder(
                        "follow request",
                        new FollowRequest(List.of(new FollowRequest.Cursor("d-1", 0, ticket.encode()))).encode(),
                        b -> FollowRequest.decode(b).encode()),
                new Decoder(
                        "inbox entry",
                        new InboxEntry(1, "d-1", session, TestNetwork.T0, 18, message).encode(),
                        b -> InboxEntry.decodeSequence(b).get(0).encode()));
    }

    private static Decoder body(String name, Transaction transaction) {
        return new Decoder(name, transaction.body(), b -> Transaction.decode(b).body());
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void givesBackTheSameBytes(Decoder decoder) throws Exception {
        assertThat(decoder.reader().reencoded(decoder.sample())).isEqualTo(decoder.sample());
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesTruncationAtEveryByte(Decoder decoder) {
        boolean sequence = decoder.name().equals("inbox entry");
        for (int i = sequence ? 1 : 0; i < decoder.sample().size(); i++) {
            Bytes part = decoder.sample().slice(0, i);
            assertThatThrownBy(() -> decoder.reader().reencoded(part))
                    .as("length %d", i)
                    .isInstanceOf(Exception.class)
                    .isNotInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesTrailingBytes(Decoder decoder) {
        assertThatThrownBy(() -> decoder.reader().reencoded(Bytes.concat(decoder.sample(), Bytes.fromHex("00"))))
                .isInstanceOf(Exception.class)
                .isNotInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aMutationIsRefusedOrMeansExactlyItsBytes(Decoder decoder) {
        Random random = new Random(SEED);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = decoder.sample().toArray();
            int changes = 1 + random.nextInt(3);
            for (int c = 0; c < changes; c++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Bytes mutated = Bytes.wrap(bytes);
            try {
                assertThat(decoder.reader().reencoded(mutated))
                        .as("seed %d, mutation %d", SEED, i)
                        .isEqualTo(mutated);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + ", mutation " + i + ": " + mutated, e);
            } catch (Exception refused) {
                assertThat(refused).hasMessageNotContaining(mutated.toHex());
            }
        }
    }

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
