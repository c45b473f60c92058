package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Vouchers that endorse no join, told apart. */
class DeviceVoucherTest extends DeviceFixture {
    private void refused(String code, String name, HandOver handOver, DeviceSettings with) {
        assertThatThrownBy(() -> Device.await(Device.join(temp.resolve(name), handOver, name, with, threads), LONGEST))
                .isInstanceOfSatisfying(DeviceException.class, e -> {
                    assertThat(e.kind()).isEqualTo(DeviceException.Kind.REFUSED);
                    assertThat(e.problemCode()).contains(code);
                });
    }

    private HandOver with(HandOver handOver, Voucher voucher, ChainId chain) {
        return new HandOver(
                handOver.network(),
                handOver.chainName(),
                chain,
                handOver.gatewayName(),
                handOver.gatewayHost(),
                handOver.gatewayPort(),
                handOver.gatewayDtls(),
                voucher,
                handOver.voucherKey(),
                handOver.presharedKey());
    }

    private Voucher voucher(ChainId chain, long uses, Instant notAfter) {
        return Voucher.issue(
                chain,
                Bytes.wrap(new byte[Voucher.ID_BYTES]),
                "*",
                uses,
                notAfter,
                gateway.voucherKey.publicKey(),
                gateway.chain.admin.sig());
    }

    @Test
    void oneThatIsPastItsTimeIsRefusedBeforeAnythingIsSent() throws Exception {
        HandOver expired = gateway.handOver(
                "*", gateway.gateway.dtls().publicKey(), Instant.now().minusSeconds(1));
        refused("voucher-expired", "ann", expired, settings);
        assertThat(gateway.requests).isEmpty();
    }

    @Test
    void oneThatIsPastItsTimeByTheChainsClockIsRefusedThere() throws Exception {
        HandOver expired = gateway.handOver(
                "*", gateway.gateway.dtls().publicKey(), Instant.now().minusSeconds(1));
        AtomicReference<Instant> slow = new AtomicReference<>(Instant.now().minus(Duration.ofHours(1)));
        refused("voucher-expired", "ann", expired, settings.withClock(new SetClock(slow)));
        assertThat(gateway.count("t")).isEqualTo(1);
    }

    @Test
    void aJoinThatWasSentInTimeIsFinishedAfterIt() throws Exception {
        HandOver handOver = gateway.handOver("*");
        Device.await(Device.join(temp.resolve("ann"), handOver, "ann", settings, threads), LONGEST)
                .close();
        byte[] join =
                gateway.chain.applied.get(gateway.chain.applied.size() - 1).toArray();
        Files.delete(temp.resolve("ann/membership"));
        Files.write(temp.resolve("ann/join.cose"), join);
        AtomicReference<Instant> later = new AtomicReference<>(Instant.now().plus(Duration.ofDays(2)));
        Device again = keep(Device.await(
                Device.join(temp.resolve("ann"), handOver, "ann", settings.withClock(new SetClock(later)), threads),
                LONGEST));
        assertThat(again.recordHeight()).isEqualTo(1);
    }

    @Test
    void oneThatIsUsedUpIsToldApart() throws Exception {
        HandOver once = with(
                gateway.handOver("*"),
                voucher(gateway.chain.id(), 1, Instant.now().plusSeconds(600)),
                gateway.chain.id());
        HandOver right = new HandOver(
                once.network(),
                once.chainName(),
                once.chain(),
                once.gatewayName(),
                once.gatewayHost(),
                once.gatewayPort(),
                once.gatewayDtls(),
                once.voucher(),
                once.voucherKey(),
                dev.latchkey.protocol.Enrolment.presharedKey(
                        gateway.enrolmentSecret, once.voucher().id()));
        keep(Device.await(Device.join(temp.resolve("ann"), right, "ann", settings, threads), LONGEST));
        refused("voucher-used-up", "bob", right, settings);
    }

    @Test
    void oneForAnotherChainThanItsHandOverIsRefusedBeforeAnythingIsSent() throws Exception {
        ChainId other = new ChainId(Digest.sha256(Bytes.utf8("another network")));
        HandOver mixed =
                with(gateway.handOver("*"), voucher(other, 1, Instant.now().plusSeconds(600)), gateway.chain.id());
        refused("voucher-chain", "ann", mixed, settings);
        assertThat(gateway.requests).isEmpty();
    }

    @Test
    void aHandOverForAnotherChainThanTheGatewaysIsNotProved() throws Exception {
        ChainId other = new ChainId(Digest.sha256(Bytes.utf8("another network")));
        HandOver elsewhere = gateway.handOver("*");
        Voucher voucher = Voucher.issue(
                other,
                elsewhere.voucher().id(),
                "*",
                1,
                Instant.now().plusSeconds(600),
                gateway.voucherKey.publicKey(),
                gateway.chain.admin.sig());
        fails(
                DeviceException.Kind.UNPROVED,
                () -> Device.await(
                        Device.join(temp.resolve("ann"), with(elsewhere, voucher, other), "ann", settings, threads),
                        LONGEST));
        assertThat(gateway.count("t")).isZero();
    }

    @Test
    void aDirectoryWithAMemberOfAnotherNetworkIsLeftAlone() throws Exception {
        join("ann").close();
        byte[] before = Files.readAllBytes(temp.resolve("ann/membership"));
        ChainId other = new ChainId(Digest.sha256(Bytes.utf8("another network")));
        HandOver elsewhere =
                with(gateway.handOver("*"), voucher(other, 1, Instant.now().plusSeconds(600)), other);
        long asked = gateway.requests.size();
        assertThatThrownBy(() ->
                        Device.await(Device.join(temp.resolve("ann"), elsewhere, "ann", settings, threads), LONGEST))
                .isInstanceOfSatisfying(DeviceException.class, e -> {
                    assertThat(e.kind()).isEqualTo(DeviceException.Kind.STORE);
                    assertThat(e).hasMessageContaining("another chain");
                });
        assertThat(gateway.requests).hasSize((int) asked);
        assertThat(Files.readAllBytes(temp.resolve("ann/membership"))).isEqualTo(before);
    }
}
