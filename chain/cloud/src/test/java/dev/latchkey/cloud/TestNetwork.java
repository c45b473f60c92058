package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.HttpsSettings;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.KeyFile;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A network of real keys: an operator, an admin, a gateway, one cloud node. Immutable. */
public final class TestNetwork {
    public static final EcVerifier VERIFIER = StrictEcVerifier.bouncy();
    public static final SecureRandom RANDOM = new SecureRandom();

    public final KeyPair operator;
    public final KeyPair replica;
    public final KeyPair tls;
    public final Identity admin = Identity.generate(RANDOM);
    public final Identity gateway = Identity.generate(RANDOM);
    public final KeyPair voucherKey = KeyPair.generate(RANDOM);
    public final SignedTransaction genesis;
    public final ChainId chain;
    private final Genesis body;

    TestNetwork() {
        this(0);
    }

    TestNetwork(int difficulty) {
        this(key(), key(), key(), "seattle", policy -> withDifficulty(policy, difficulty));
    }

    /** A chain of these operators on this node. */
    public TestNetwork(KeyPair operator, KeyPair replica, KeyPair tls, String chainName, UnaryOperator<Policy> change) {
        this.operator = operator;
        this.replica = replica;
        this.tls = tls;
        Policy first = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(1, List.of(new Policy.Replica(replica.publicKey(), tls.publicKey()))));
        this.body = new Genesis(
                "city",
                chainName,
                change.apply(first),
                System.currentTimeMillis() - 1000,
                List.of(
                        new Genesis.FirstMember("admin-1", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gw-1", Role.GATEWAY, gateway.keys(), Optional.empty())));
        this.genesis = TransactionSigning.genesis(body, List.of(operator), List.of(admin, gateway));
        this.chain = body.chainId();
    }

    /** Another chain of the same network, operators and node. */
    TestNetwork sibling(String chainName) {
        return new TestNetwork(operator, replica, tls, chainName, UnaryOperator.identity());
    }

    public static KeyPair key() {
        return KeyPair.generate(RANDOM);
    }

    static Policy withDifficulty(Policy policy, int difficulty) {
        return new Policy(
                policy.number(),
                policy.previous(),
                policy.operators(),
                policy.replicas(),
                policy.witnesses(),
                difficulty,
                policy.limits(),
                policy.siblings(),
                policy.blockVersion());
    }

    public static Policy withReplicas(Policy policy, int k, Policy.Replica... nodes) {
        return new Policy(
                policy.number(),
                policy.previous(),
                policy.operators(),
                new Policy.Replicas(k, List.of(nodes)),
                policy.witnesses(),
                policy.difficulty(),
                policy.limits(),
                policy.siblings(),
                policy.blockVersion());
    }

    public static Policy withWitnesses(Policy policy, int q, Policy.Witness... gateways) {
        return new Policy(
                policy.number(),
                policy.previous(),
                policy.operators(),
                policy.replicas(),
                new Policy.Witnesses(q, List.of(gateways)),
                policy.difficulty(),
                policy.limits(),
                policy.siblings(),
                policy.blockVersion());
    }

    public static Policy withSiblings(Policy policy, Policy.Sibling... siblings) {
        return new Policy(
                policy.number(),
                policy.previous(),
                policy.operators(),
                policy.replicas(),
                policy.witnesses(),
                policy.difficulty(),
                policy.limits(),
                List.of(siblings),
                policy.blockVersion());
    }

    /** The policy after one, signed by the operator. */
    public SignedTransaction change(Policy before, UnaryOperator<Policy> change) {
        Policy after = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                before.difficulty(),
                before.limits(),
                before.siblings(),
                before.blockVersion());
        return TransactionSigning.of(new PolicyChange(change.apply(after)), chain)
                .by(operator)
                .finish();
    }

    /** The policy at genesis. */
    public Policy firstPolicy() {
        return body.policy();
    }

    /** A settings file of a node whose keys lie beside it, with these lines more; {@link #start} has the same directories. */
    Path config(Path home, String... lines) throws IOException {
        settings(Files.createDirectories(home));
        return Files.writeString(
                home.resolve("cloud.conf"),
                "listen = \"127.0.0.1:0\"\ngenesis = [\"genesis.cose\"]\n" + String.join("\n", lines));
    }

    /** Writes keys and genesis into a directory, and says how a node runs on it. */
    CloudSettings settings(Path directory) {
        try {
            if (!Files.exists(directory.resolve("replica.pem"))) {
                KeyFile.write(directory.resolve("replica.pem"), replica);
                KeyFile.write(directory.resolve("tls.pem"), tls);
                AtomicFile.write(directory.resolve("genesis.cose"), genesis.encode(), AtomicFile.Mode.SHARED);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new CloudSettings(
                https(loopback),
                directory.resolve("data"),
                directory.resolve("replica.pem"),
                directory.resolve("tls.pem"),
                List.of(directory.resolve("genesis.cose")),
                MailboxSettings.USUAL,
                "info",
                Optional.empty(),
                Optional.empty());
    }

    /** Usual bounds, but for the rates: a test asks as fast as the machine can. {@code SlowClientsTest} has the rates. */
    static HttpsSettings https(InetSocketAddress listen) {
        Duration minute = Duration.ofSeconds(60);
        return new HttpsSettings(
                listen, 256, 256, 128, 32L << 20, minute, Duration.ofSeconds(30), minute, 1_000_000, 1_000_000);
    }

    CloudNode start(Path directory) throws IOException {
        return CloudNode.start(settings(directory), Clock.systemUTC());
    }

    public VerifiedPolicy policy() throws ProofException {
        return PolicyChain.verify(chain, List.of(genesis.encode()), VERIFIER);
    }

    public Voucher voucher(String pattern, int uses, Instant notAfter) {
        byte[] id = new byte[Voucher.ID_BYTES];
        RANDOM.nextBytes(id);
        return Voucher.issue(chain, Bytes.wrap(id), pattern, uses, notAfter, voucherKey.publicKey(), admin.sig());
    }

    public Voucher voucher() {
        return voucher("*", 1_000_000, Instant.now().plusSeconds(3600));
    }

    public SignedTransaction join(String name, Identity identity, Voucher voucher) {
        return join(name, identity, voucher, voucherKey);
    }

    public SignedTransaction join(String name, Identity identity, Voucher voucher, KeyPair key) {
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(voucher));
        return TransactionSigning.joinByVoucher(join, chain, identity, key);
    }

    Bytes ticket(String member, Identity identity, String gatewayName) {
        return ServeTicket.issue(chain, member, gatewayName, Instant.now().plusSeconds(3600), identity.sig())
                .encode();
    }
}
