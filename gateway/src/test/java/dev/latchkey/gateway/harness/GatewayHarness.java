package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.gateway.GatewayNode;
import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.awaitility.Awaitility;

/** A cloud, a gateway in service and the devices of one test; everything ends with {@link #close()}. */
public final class GatewayHarness implements AutoCloseable {
    static {
        // Four classes run at once on two busy cores.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    public final TestNetwork network;
    public final TestCloud cloud;
    public final TestGateway directory;
    private final ClientThreads threads = new ClientThreads(2);
    private final Deque<TestDevice> devices = new ArrayDeque<>();
    private GatewayNode gateway;

    public GatewayHarness(Path directory, String... settings)
            throws IOException, InterruptedException, MalformedTransactionException {
        this(directory, new TestNetwork(), settings);
    }

    private GatewayHarness(Path directory, TestNetwork network, String... settings)
            throws IOException, InterruptedException {
        this(directory, List.of(network), new TestCloud(network), settings);
    }

    /** A gateway that serves some of a cloud's sub-networks. */
    public GatewayHarness(Path directory, List<TestNetwork> served, TestCloud cloud, String... settings)
            throws IOException, InterruptedException {
        this.network = served.get(0);
        this.cloud = cloud;
        cloud.start();
        this.directory = new TestGateway(directory, served, cloud.address(), settings);
        this.gateway = this.directory.inService();
    }

    public GatewayNode gateway() {
        return gateway;
    }

    /** How the gateway is in the network's first chain. */
    public ChainStatus chain() {
        return gateway.status().chains().get(0);
    }

    /** Stops the gateway and starts it anew on its directory; its ports change. */
    public void restartGateway() throws IOException, InterruptedException {
        gateway.close();
        gateway = directory.inService();
    }

    /** A member that joined through the chain, connected by its key, without ticket. */
    public TestDevice member(String name) throws Exception {
        return member(network, name);
    }

    /** The same in one of the served sub-networks. */
    public TestDevice member(TestNetwork of, String name) throws Exception {
        Identity identity = Identity.generate(of.random);
        cloud.order(of, of.join(name, identity, of.voucher(name, 1)));
        awaitHeight(of);
        return connect(of, name, identity);
    }

    /** A member that is served here. */
    public TestDevice served(String name) throws Exception {
        return served(network, name);
    }

    /** The same in one of the served sub-networks. */
    public TestDevice served(TestNetwork of, String name) throws Exception {
        TestDevice device = member(of, name);
        if (!device.ticket().code().isSuccess()) {
            throw new AssertionError("the ticket was refused");
        }
        return device;
    }

    public TestDevice connect(String name, Identity identity) throws IOException {
        return opened(TestDevice.member(name, identity, network, gateway.address(), threads));
    }

    public TestDevice connect(TestNetwork of, String name, Identity identity) throws IOException {
        return opened(TestDevice.member(name, identity, of, gateway.address(), threads));
    }

    /** The same member with a new connection, to where the gateway is now. */
    public TestDevice reconnect(TestDevice device) throws IOException {
        return connect(device.name, device.identity);
    }

    public TestDevice connectTo(InetSocketAddress address, String name, Identity identity) throws IOException {
        return opened(TestDevice.member(name, identity, network, address, threads));
    }

    public TestDevice holder(Voucher voucher) throws IOException {
        return opened(TestDevice.holder(voucher, network, gateway.address(), threads));
    }

    /** Who connects with the pre-shared key of an enrolment. */
    public TestDevice holder(Bytes enrolmentId) throws IOException {
        return opened(TestDevice.holder(enrolmentId, network, gateway.address(), threads));
    }

    public ClientThreads threads() {
        return threads;
    }

    /** Waits until the gateway hands out a checkpoint of a height, or of a later one. */
    public void awaitHeight(long height) {
        Awaitility.await().until(() -> chain().checkpoint().orElse(-1) >= height);
    }

    /** Waits until the gateway hands out a checkpoint of all that a served sub-network has ordered. */
    public void awaitHeight(TestNetwork of) {
        long height = of.state().height();
        Awaitility.await()
                .until(() -> gateway.status().chains().stream()
                        .filter(chain -> chain.chain().equals(of.chainName))
                        .anyMatch(chain -> chain.checkpoint().orElse(-1) >= height));
    }

    @Override
    public void close() throws IOException {
        while (!devices.isEmpty()) {
            devices.pop().close();
        }
        gateway.close();
        cloud.close();
        threads.close();
    }

    private TestDevice opened(TestDevice device) {
        devices.push(device);
        return device;
    }
}
