package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.Problem;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What must not get in does not, says why, and leaves the network as it was. */
@ExtendWith(NetworkExtension.class)
final class BadInputIT {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BAD_CERTIFICATE = 42;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
    }

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    @Test
    void anUnknownRawKeyIsRefusedInTheHandshake(RunningNetwork network) throws Exception {
        try (ClientThreads threads = new ClientThreads(1);
                CoapsClient stranger = CoapsClient.connect(
                        network.gateway(),
                        new ClientIdentity.RawKey(KeyPair.generate(RANDOM)),
                        key -> true,
                        ClientOptions.DEFAULT,
                        threads)) {
            ExecutionException failure = catchThrowableOfType(
                    ExecutionException.class,
                    () -> stranger.send(ClientRequest.get("/h")).get(LONGEST.toSeconds(), TimeUnit.SECONDS));
            assertThat(failure).hasCauseInstanceOf(CoapsException.class);
            assertThat(((CoapsException) failure.getCause()).alert()).hasValue(BAD_CERTIFICATE);
        }
    }

    @Test
    void aStaleVoucherIsRefused(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(1, "d-*");
        KeyPair admin = KeyFile.read(network.files().path("operator/admin/sig.pem"));
        Voucher stale = Voucher.issue(
                handOver.chain(),
                handOver.voucher().id(),
                "d-*",
                1,
                Instant.now().minus(Duration.ofMinutes(1)),
                handOver.voucherKey().publicKey(),
                admin);
        assertRefused(network, handOver, stale, "d-late", handOver.voucherKey(), Code.FORBIDDEN, "voucher-expired");
    }

    @Test
    void aVoucherIsRefusedOnceItIsUsedUp(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(1, "d-*");
        CoapResponse first = join(network, handOver, handOver.voucher(), "d-used-1", handOver.voucherKey());
        assertThat(first.code()).isEqualTo(Code.CREATED);
        assertRefused(
                network,
                handOver,
                handOver.voucher(),
                "d-used-2",
                handOver.voucherKey(),
                Code.FORBIDDEN,
                "voucher-used-up");
    }

    @Test
    void aVoucherIsRefusedWithoutItsKey(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(1, "d-*");
        assertRefused(
                network,
                handOver,
                handOver.voucher(),
                "d-thief",
                KeyPair.generate(RANDOM),
                Code.FORBIDDEN,
                "voucher-key");
    }

    @Test
    void aVoucherIsRefusedForAnotherName(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(1, "d-only");
        assertRefused(
                network,
                handOver,
                handOver.voucher(),
                "d-other",
                handOver.voucherKey(),
                Code.FORBIDDEN,
                "voucher-scope");
    }

    @Test
    void aVoucherOfSomebodyElseIsRefused(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(1, "d-*");
        Voucher forged = Voucher.issue(
                handOver.chain(),
                handOver.voucher().id(),
                "d-*",
                1,
                Instant.now().plus(Duration.ofDays(1)),
                handOver.voucherKey().publicKey(),
                KeyPair.generate(RANDOM));
        assertRefused(
                network, handOver, forged, "d-forger", handOver.voucherKey(), Code.FORBIDDEN, "voucher-signature");
    }

    @Test
    void aTakenNameAndABadNameAreRefused(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(2, "*");
        assertRefused(
                network,
                handOver,
                handOver.voucher(),
                handOver.gatewayName(),
                handOver.voucherKey(),
                Code.CONFLICT,
                "name-taken");
        assertRefused(
                network,
                handOver,
                handOver.voucher(),
                "Not A Name",
                handOver.voucherKey(),
                Code.BAD_REQUEST,
                "bad-name");
    }

    private static void assertRefused(
            RunningNetwork network,
            HandOver handOver,
            Voucher voucher,
            String name,
            KeyPair voucherKey,
            Code expected,
            String code)
            throws Exception {
        long members = network.status().members();
        CoapResponse answer = join(network, handOver, voucher, name, voucherKey);
        assertThat(Problem.decode(answer.payload()).code()).isEqualTo(code);
        assertThat(answer.code()).isEqualTo(expected);
        assertThat(answer.contentFormat()).hasValue(ContentFormat.PROBLEM);
        assertThat(network.status().members()).isEqualTo(members);
    }

    /** A join as a device would send it that keeps to no rule of its own. */
    private static CoapResponse join(
            RunningNetwork network, HandOver handOver, Voucher voucher, String name, KeyPair voucherKey)
            throws Exception {
        Identity identity = Identity.generate(RANDOM);
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
        Bytes signed = TransactionSigning.joinByVoucher(join, handOver.chain(), identity, voucherKey)
                .encode();
        byte[] device = new byte[4];
        RANDOM.nextBytes(device);
        ClientIdentity psk =
                new ClientIdentity.Psk(Enrolment.identity(voucher.id(), Bytes.wrap(device)), handOver.presharedKey());
        try (ClientThreads threads = new ClientThreads(1);
                CoapsClient client =
                        CoapsClient.connect(network.gateway(), psk, key -> false, ClientOptions.DEFAULT, threads)) {
            return client.send(ClientRequest.post("/t", ContentFormat.COSE_SIGN, signed))
                    .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void aWrongSettingEndsARoleWithOneLineThatNamesIt(RunningNetwork network, @TempDir Path directory)
            throws Exception {
        for (String role : List.of("cloud", "gateway")) {
            Path wrong = copied(network, role, directory);
            Files.writeString(wrong, Files.readString(wrong) + "\nlissten = \"127.0.0.1:0\"\n");
            assertOneLine(run(role, wrong), role + ".conf:", "lissten");
        }
    }

    @Test
    void aPortInUseEndsARoleWithOneLineThatNamesIt(RunningNetwork network, @TempDir Path directory) throws Exception {
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            tcp.bind(new InetSocketAddress("127.0.0.1", 0));
            assertOneLine(
                    run("cloud", copied(network, "cloud", directory), "--listen", "127.0.0.1:" + tcp.getLocalPort()),
                    Integer.toString(tcp.getLocalPort()),
                    "in use");
            assertOneLine(
                    run(
                            "gateway",
                            copied(network, "gateway", directory),
                            "--listen",
                            "127.0.0.1:" + udp.getLocalPort(),
                            "--admin-listen",
                            "127.0.0.1:0"),
                    Integer.toString(udp.getLocalPort()),
                    "in use");
        }
    }

    /** A role's files without its data. */
    private static Path copied(RunningNetwork network, String role, Path directory) throws IOException {
        Path from = network.files().path(role);
        Path to = directory.resolve(role);
        try (var files = Files.walk(from)) {
            for (Path file :
                    files.filter(each -> !each.startsWith(from.resolve("data"))).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        // the network's own files have a role say all it can
        return Files.writeString(to.resolve(role + ".conf"), "\nlog.level = warn\n", StandardOpenOption.APPEND);
    }

    private static Launcher.Result run(String role, Path config, String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(role, "--config", config.toString()));
        arguments.addAll(List.of(more));
        return Checkout.launcher().run(LONGEST, arguments);
    }

    private static void assertOneLine(Launcher.Result result, String... named) {
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
        assertThat(result.errors()).hasLineCount(1).contains(named);
        assertThat(result.output()).isEmpty();
    }
}
