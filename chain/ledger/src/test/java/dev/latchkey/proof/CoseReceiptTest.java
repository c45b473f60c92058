package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.ProofException.Reason;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CoseReceiptTest {
    private final TestNetwork network = new TestNetwork();

    @Test
    void provesEveryHeaderAtEverySize() throws Exception {
        VerifiedPolicy policy = Proving.policy(network);
        for (int size = 1; size <= 6; size++) {
            for (int height = 0; height < size; height++) {
                VerifiedHeader header = verify(policy, receipt(height), header(height));
                assertThat(header.height()).isEqualTo(height);
                assertThat(header.blockHash()).isEqualTo(Digest.sha256(header(height)));
            }
            network.joined("d-" + size);
        }
        assertThat(receipt(6).size()).isLessThan(320);
    }

    /** RFC 9942 with nothing but java.security and bytes put together by hand: five headers, the receipt of the second. */
    @Test
    void verifiesByHandAsTheRfcSays() throws Exception {
        for (int i = 0; i < 4; i++) {
            network.joined("d-" + i);
        }
        byte[] receipt = receipt(1).toArray();
        Bytes[] headers = new Bytes[5];
        for (int i = 0; i < 5; i++) {
            headers[i] = header(i);
        }
        byte[] left = node(leaf(headers[0]), leaf(headers[1]));
        byte[] right = node(leaf(headers[2]), leaf(headers[3]));
        byte[] root = node(node(left, right), leaf(headers[4]));

        ByteArrayOutputStream protectedHeader = new ByteArrayOutputStream();
        protectedHeader.writeBytes(hex("a4" + "0128" + "0448"));
        protectedHeader.writeBytes(network.replica.publicKey().kid().value().toArray());
        protectedHeader.writeBytes(hex("19018b01" + "72" + "6c617463686b65792f312f686973746f7279" + "82" + "5820"));
        protectedHeader.writeBytes(network.chain.bytes().toArray());
        protectedHeader.writeBytes(hex("05"));
        ByteArrayOutputStream proof = new ByteArrayOutputStream();
        proof.writeBytes(hex("83" + "05" + "01" + "83"));
        for (byte[] sibling : List.of(leaf(headers[0]), right, leaf(headers[4]))) {
            proof.writeBytes(hex("5820"));
            proof.writeBytes(sibling);
        }
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(hex("d2" + "84" + "58" + Integer.toHexString(protectedHeader.size())));
        expected.writeBytes(protectedHeader.toByteArray());
        expected.writeBytes(hex("a1" + "19018c" + "a1" + "20" + "81" + "58" + Integer.toHexString(proof.size())));
        expected.writeBytes(proof.toByteArray());
        expected.writeBytes(hex("f6" + "5840"));
        byte[] signature =
                Bytes.wrap(receipt).slice(receipt.length - 64, receipt.length).toArray();
        expected.writeBytes(signature);
        assertThat(receipt).isEqualTo(expected.toByteArray());

        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes(
                hex("84" + "6a" + "5369676e617475726531" + "58" + Integer.toHexString(protectedHeader.size())));
        signed.writeBytes(protectedHeader.toByteArray());
        signed.writeBytes(hex("40" + "5820"));
        signed.writeBytes(root);
        Signature ecdsa = Signature.getInstance("SHA256withECDSAinP1363Format");
        ecdsa.initVerify(publicKey(network.replica));
        ecdsa.update(signed.toByteArray());
        assertThat(ecdsa.verify(signature)).isTrue();
    }

    @Test
    void everySpoiltReceiptIsRefused() throws Exception {
        network.joined("d-1");
        VerifiedPolicy policy = Proving.policy(network);
        Bytes header = header(1);
        for (Bytes spoilt : Proving.spoilt(receipt(1))) {
            refused(() -> verify(policy, spoilt, header));
        }
    }

    @Test
    void aReceiptIsForItsHeaderItsChainAndItsReplicas() throws Exception {
        network.joined("d-1");
        network.joined("d-2");
        VerifiedPolicy policy = Proving.policy(network);
        Bytes receipt = receipt(1);
        refused(Reason.BAD_SIGNATURE, () -> verify(policy, receipt, header(2)));
        TestNetwork other = new TestNetwork("tacoma");
        refused(Reason.OTHER_CHAIN, () -> verify(Proving.policy(other), receipt, header(1)));
        Bytes strangers =
                CoseReceipt.make(network.history, 1, network.state.checkpoint(), KeyPair.generate(network.random));
        refused(Reason.TOO_FEW_SIGNATURES, () -> verify(policy, strangers, header(1)));
        refused(
                Reason.TOO_FEW_SIGNATURES,
                () -> CoseReceipt.verify(List.of(), header(1), policy, TestNetwork.VERIFIER));
        VerifiedPolicy struck =
                policy.striking(Set.of(network.replica.publicKey().kid()));
        refused(Reason.TOO_FEW_SIGNATURES, () -> verify(struck, receipt, header(1)));
        refused(
                Reason.WRONG_SUBJECT,
                () -> CoseReceipt.verify(List.of(receipt, sameHeaderAt(2)), header(1), policy, TestNetwork.VERIFIER));
        assertThat(CoseReceipt.verify(List.of(strangers, receipt), header(1), policy, TestNetwork.VERIFIER)
                        .height())
                .isEqualTo(1);
    }

    /** What signs only the root leaves the size open; here both sizes are bound, and the path must fit them. */
    @Test
    void sizeIndexAndPathMustFitEachOther() throws Exception {
        network.joined("d-1");
        network.joined("d-2");
        VerifiedPolicy policy = Proving.policy(network);
        List<Item> path = List.of(Cbor.bytes(network.history.leafHash(0).bytes()));
        for (long[] sizeAndIndex : new long[][] {{4, 1}, {2, 1}, {3, 3}, {3, 0}, {3, 2}}) {
            Bytes crafted = crafted(sizeAndIndex[0], sizeAndIndex[1], path);
            refused(() -> verify(policy, crafted, header(1)));
        }
        Bytes noPath = crafted(3, 1, List.of());
        refused(Reason.WRONG_ROOT, () -> verify(policy, noPath, header(1)));
        Bytes huge = Bytes.fromHex(crafted(3, 1, List.of()).toHex().replace("830301", "831bffffffffffffffff01"));
        refused(Reason.MALFORMED, () -> verify(policy, huge, header(1)));
    }

    /** The receipt of header 1 with other numbers and another path in its proof; its signature is as it was. */
    private Bytes crafted(long size, long index, List<Item> path) throws MalformedCborException {
        List<Item> parts = Cbor.decode(receipt(1).slice(1, receipt(1).size()), CoseReceipt.MAX_BYTES)
                .asArray(4);
        Bytes proof = Cbor.encode(Cbor.array(Cbor.uint(size), Cbor.uint(index), Cbor.array(path)));
        Item proofs = Cbor.map(Cbor.uint(396), Cbor.map(Cbor.integer(-1), Cbor.array(Cbor.bytes(proof))));
        return Bytes.concat(
                Bytes.of((byte) 0xd2), Cbor.encode(Cbor.array(parts.get(0), proofs, parts.get(2), parts.get(3))));
    }

    /** As a lying replica would: header 1 at another height of another history. */
    private Bytes sameHeaderAt(int height) throws Exception {
        HistoryTree lie = new HistoryTree();
        for (int i = 0; i <= height; i++) {
            lie.append(network.history.leafHash(Math.min(i, 1)));
        }
        Checkpoint head = network.state.checkpoint();
        Checkpoint forged = new Checkpoint(
                head.chain(),
                height,
                head.blockHash(),
                lie.root(height + 1L),
                head.directoryRoot(),
                head.policyNumber(),
                head.timeMillis());
        return CoseReceipt.make(lie, height, forged, network.replica);
    }

    private Bytes receipt(long height) {
        return CoseReceipt.make(network.history, height, network.state.checkpoint(), network.replica);
    }

    private Bytes header(int height) throws Exception {
        return Block.decode(network.blocks.get(height)).header();
    }

    private static VerifiedHeader verify(VerifiedPolicy policy, Bytes receipt, Bytes header) throws ProofException {
        return CoseReceipt.verify(List.of(receipt), header, policy, TestNetwork.VERIFIER);
    }

    private static byte[] leaf(Bytes header) throws Exception {
        return sha256(new byte[] {0}, header.toArray(), new byte[0]);
    }

    private static byte[] node(byte[] left, byte[] right) throws Exception {
        return sha256(new byte[] {1}, left, right);
    }

    private static byte[] sha256(byte[] first, byte[] second, byte[] third) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(first);
        digest.update(second);
        return digest.digest(third);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static PublicKey publicKey(KeyPair pair) throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        byte[] point = pair.publicKey().uncompressed().toArray();
        ECPoint w = new ECPoint(new BigInteger(1, point, 1, 32), new BigInteger(1, point, 33, 32));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(w, curve.getParameterSpec(ECParameterSpec.class)));
    }
}
