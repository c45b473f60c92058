package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who has the enrolment secret, as every gateway has, reads all that passes by: voucher, join, receipt. What the device
 * keeps is its own three keys and the voucher's private one, and without these nobody else is enrolled.
 */
class StolenEnrolmentTest {
    @TempDir
    Path directory;

    private GatewayHarness harness;
    private TestNetwork network;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory, "provisional.allowed = true");
        network = harness.network;
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    /** One signature of a transaction as it stands on the wire, by its protected header, which holds the kid. */
    private record Signature(Bytes header, Item item) {}

    private static List<Signature> signatures(Bytes transaction) throws Exception {
        List<Signature> signatures = new ArrayList<>();
        for (Item item : Cbor.decode(transaction, SignedTransaction.MAX_BYTES)
                .asArray(4)
                .get(3)
                .asArray()) {
            signatures.add(new Signature(item.asArray(3).get(0).asBytes(), item));
        }
        return signatures;
    }

    /** A body under signatures that were made for whatever. */
    private static Bytes patched(Bytes body, List<Signature> signatures) {
        List<Item> sorted = signatures.stream()
                .sorted(Comparator.comparing(signature -> signature.header().toHex()))
                .map(Signature::item)
                .toList();
        return Cbor.encode(Cbor.array(Cbor.bytes(Bytes.EMPTY), Cbor.map(), Cbor.bytes(body), Cbor.array(sorted)));
    }

    private static Join join(String name, MemberKeys keys, Voucher voucher) {
        return new Join(name, 1, Role.MEMBER, keys, Optional.empty(), Optional.of(voucher));
    }

    /** The thief's join with the signature of the voucher's key that stood under the victim's. */
    private Bytes transplanted(Bytes stolen, Join join, Identity thief) throws Exception {
        KeyPair own = KeyPair.generate(network.random);
        Bytes signed = TransactionSigning.joinByVoucher(join, network.chain, thief, own)
                .encode();
        String ownKid = own.publicKey().kid().value().toHex();
        String voucherKid = network.voucherKey.publicKey().kid().value().toHex();
        List<Signature> mixed = new ArrayList<>(signatures(signed));
        mixed.removeIf(signature -> signature.header().toHex().endsWith(ownKid));
        signatures(stolen).stream()
                .filter(signature -> signature.header().toHex().endsWith(voucherKid))
                .forEach(mixed::add);
        assertThat(mixed).hasSize(3);
        return patched(join.body(), mixed);
    }

    private void assertEnrolsNobody(TestDevice thief, Bytes transaction, String code) throws Exception {
        CoapResponse answer = thief.post("/t", ContentFormat.COSE_SIGN, transaction);
        assertThat(TestDevice.code(answer)).isEqualTo(code);
    }

    @Test
    void whatPassesByEnrolsNobodyElse() throws Exception {
        Voucher voucher = network.voucher("d-*", 9);
        Identity victim = Identity.generate(network.random);
        Bytes stolen = network.join("d-1", victim, voucher);
        TestDevice thief = harness.holder(voucher);
        tryAll(thief, voucher, victim, stolen);

        // Cloud or no cloud, before the victim's own join or after it.
        harness.cloud.stop();
        tryAll(thief, voucher, victim, stolen);
        TestDevice device = harness.holder(voucher);
        assertThat(device.post("/t", ContentFormat.COSE_SIGN, stolen).code()).isEqualTo(Code.CREATED);
        tryAll(thief, voucher, victim, stolen);

        // The stolen join itself, sent by the thief, makes the victim a member and nobody else.
        harness.cloud.start();
        org.awaitility.Awaitility.await()
                .until(() -> thief.post("/t", ContentFormat.COSE_SIGN, stolen)
                        .contentFormat()
                        .equals(java.util.OptionalInt.of(ContentFormat.CBOR)));
        assertThat(network.state().memberCount()).isEqualTo(3);
        assertThat(network.state().member("d-1").orElseThrow().keys()).isEqualTo(victim.keys());
        Bytes leave = TransactionSigning.leave(new Leave("d-1", 2), network.chain, victim.sig())
                .encode();
        assertEnrolsNobody(thief, leave, "not-allowed");
        assertThat(harness.connect("d-1", victim).get("/i").code()).isEqualTo(Code.CONTENT);
    }

    private void tryAll(TestDevice thief, Voucher voucher, Identity victim, Bytes stolen) throws Exception {
        Identity own = Identity.generate(network.random);
        KeyPair ownKey = KeyPair.generate(network.random);
        boolean taken = network.state().member("d-1").isPresent();
        assertThat(taken).isFalse();

        // Own keys, under another name and under the victim's, with a key of its own in the place of the voucher's.
        for (String name : List.of("d-2", "d-1")) {
            assertEnrolsNobody(thief, network.join(name, own, voucher, ownKey), "voucher-key");
            assertEnrolsNobody(thief, transplanted(stolen, join(name, own.keys(), voucher), own), "bad-signature");
            assertEnrolsNobody(
                    thief, patched(join(name, own.keys(), voucher).body(), signatures(stolen)), "missing-signature");
        }
        // One of the victim's keys in the thief's hands is worth nothing: the others sign as well.
        MemberKeys oneSwapped = new MemberKeys(
                victim.sig().publicKey(), own.kex().publicKey(), victim.dtls().publicKey());
        assertEnrolsNobody(
                thief, patched(join("d-1", oneSwapped, voucher).body(), signatures(stolen)), "bad-signature");
        // The victim's keys under another name, and its body with a signature less.
        assertEnrolsNobody(
                thief, patched(join("d-3", victim.keys(), voucher).body(), signatures(stolen)), "bad-signature");
        List<Signature> fewer = signatures(stolen).subList(0, 2);
        Bytes body = SignedTransaction.decode(stolen).body();
        assertThat(TestDevice.code(thief.post("/t", ContentFormat.COSE_SIGN, patched(body, fewer))))
                .isIn("missing-signature", "voucher-key");
        // A voucher of its own making, with the id that the pre-shared key is for.
        Voucher forged = Voucher.issue(
                network.chain,
                voucher.id(),
                "*",
                9,
                Instant.now().plusSeconds(60),
                ownKey.publicKey(),
                KeyPair.generate(network.random));
        assertEnrolsNobody(thief, network.join("d-2", own, forged, ownKey), "voucher-signature");
        assertEnrolsNobody(thief, network.join("d-2", own, rekeyed(voucher, ownKey), ownKey), "voucher-signature");
        // Without a voucher, or with another one than the connection is for.
        Join bare = new Join("d-2", 1, Role.MEMBER, own.keys(), Optional.empty(), Optional.empty());
        assertEnrolsNobody(
                thief,
                TransactionSigning.joinEndorsed(bare, network.chain, own, List.of(ownKey))
                        .encode(),
                "not-allowed");
        assertEnrolsNobody(thief, network.join("d-2", own, network.voucher("d-*", 1)), "not-allowed");
        assertThat(network.state().memberCount()).isEqualTo(2);
        assertThat(harness.gateway().status().outboxMessages()).isZero();
    }

    /** The administrator's signature stays, the key under it is the thief's. */
    private static Voucher rekeyed(Voucher voucher, KeyPair key) throws Exception {
        List<Item> parts = Cbor.decode(voucher.encode(), 512).asArray(4);
        List<Item> payload =
                new ArrayList<>(Cbor.decode(parts.get(2).asBytes(), 512).asArray(8));
        payload.set(7, key.publicKey().item());
        return voucherOf(Cbor.encode(
                Cbor.array(parts.get(0), parts.get(1), Cbor.bytes(Cbor.encode(Cbor.array(payload))), parts.get(3))));
    }

    private static Voucher voucherOf(Bytes encoded) throws MalformedTransactionException {
        return Voucher.decode(encoded);
    }
}
