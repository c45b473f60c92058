package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A device that changes to another gateway of its chain. */
class DeviceRoamingTest extends DeviceFixture {
    private static void change(Device device, GatewayAddress other) throws Exception {
        Device.await(device.changeGateway(other), LONGEST);
    }

    @Test
    void itSendsAndReceivesAtTheOtherGatewayAlsoAfterARestart() throws Exception {
        GatewayAddress other = gateway.another("gateway-2");
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        send(ann, "bob", 1);
        long tickets = gateway.count("s");
        change(ann, other);
        change(bob, other);
        assertThat(gateway.count("s")).isEqualTo(tickets + 2);
        assertThat(ann.gatewayName()).isEqualTo("gateway-2");
        assertThat(ann.gatewayAddress()).isEqualTo(other.host() + ":" + other.port());
        gateway.server.close();
        send(ann, "bob", 2);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
        ann.close();
        Device again = reopen("ann");
        assertThat(again.gatewayName()).isEqualTo("gateway-2");
        send(again, "bob", 3);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0, 3.0));
    }

    @Test
    void sessionsGoOnWithoutARepeatedNumberAndBeginAnewWhereTheOtherGatewayKnowsNone() throws Exception {
        GatewayAddress other = gateway.another("gateway-2");
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        Acknowledged before = send(ann, "bob", 1);
        change(bob, other);
        Acknowledged second = send(ann, "bob", 2);
        assertThat(second.session()).isEqualTo(before.session());
        String named = "m of " + before.session().toHex();
        assertThat(gateway.count(named)).as("that took the opener").isZero();
        change(ann, other);
        Acknowledged third = send(ann, "bob", 3);
        assertThat(gateway.count(named)).as("that may know another session").isEqualTo(1);
        assertThat(third.session()).isEqualTo(before.session());
        assertThat(third.partialIv()).isGreaterThan(second.partialIv());
        send(ann, "bob", 3.5);
        assertThat(gateway.count(named)).as("that knows this one").isEqualTo(1);
        synchronized (gateway) {
            gateway.sessions.clear();
        }
        assertThat(send(ann, "bob", 4).session()).isNotEqualTo(before.session());
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0, 3.0, 3.5, 4.0));
        assertThat(heard.dropped).isEmpty();
    }

    @Test
    void aServerThatTheChainDoesNotNameAsThatGatewayIsRefusedAndTheOneBeforeStays() throws Exception {
        GatewayAddress other = gateway.another("gateway-2");
        Device ann = join("ann");
        join("bob");
        GatewayAddress first = new GatewayAddress(
                TestGateway.NAME,
                "127.0.0.1",
                Integer.parseInt(ann.gatewayAddress().split(":")[1]));
        // The first gateway under the other's name, the other under the first one's, and a member that is none.
        for (GatewayAddress wrong : new GatewayAddress[] {
            new GatewayAddress("gateway-2", first.host(), first.port()),
            new GatewayAddress(TestGateway.NAME, other.host(), other.port()),
            new GatewayAddress("bob", other.host(), other.port())
        }) {
            fails(DeviceException.Kind.UNPROVED, () -> change(ann, wrong));
        }
        fails(
                DeviceException.Kind.UNKNOWN_MEMBER,
                () -> change(ann, new GatewayAddress("nobody", other.host(), other.port())));
        assertThat(ann.gatewayName()).isEqualTo(TestGateway.NAME);
        send(ann, "bob", 1);
        ann.close();
        assertThat(reopen("ann").gatewayName()).isEqualTo(TestGateway.NAME);
    }

    @Test
    void aGatewayThatIsAwayOrDoesNotTakeTheDeviceChangesNothing() throws Exception {
        GatewayAddress other = gateway.another("gateway-2");
        DeviceSettings hasty =
                settings.withPatience(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(200));
        Device ann = keep(
                Device.await(Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", hasty, threads), LONGEST));
        join("bob");
        fails(DeviceException.Kind.UNREACHABLE, () -> change(ann, new GatewayAddress("gateway-2", other.host(), 1)));
        gateway.fault("s", TestGateway.problem(Code.FORBIDDEN, "not-served"));
        fails(DeviceException.Kind.REFUSED, () -> change(ann, other));
        send(ann, "bob", 1);
        Device.await(ann.rotate(java.util.Set.of(KeyPurpose.DTLS)), LONGEST);
        assertThat(ann.gatewayName()).isEqualTo(TestGateway.NAME);
        change(ann, other);
        send(ann, "bob", 2);
    }

    @Test
    void aDeviceWhoseGatewayIsGoneOpensAtAnother() throws Exception {
        GatewayAddress other = gateway.another("gateway-2");
        Device ann = join("ann");
        Device bob = join("bob");
        Listening heard = listen(bob);
        change(bob, other);
        ann.close();
        gateway.server.close();
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), other, settings, threads), LONGEST));
        send(again, "bob", 1);
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
        again.close();
        assertThat(reopen("ann").gatewayName()).isEqualTo("gateway-2");
        assertThatThrownBy(() -> new GatewayAddress("gateway-2", "", 5684))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
