package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an operator works on one sub-network: its files, the keys at hand, the running cloud, the policy in force. For one
 * thread.
 */
final class Desk {
    private final OperatorFiles files;
    private final NetworkChain chain;
    private final CloudLink link;
    private final VerifiedPolicy policy;
    private final Optional<Identity> admin;
    private final List<Path> keyFiles;

    private Desk(OperatorFiles files, NetworkChain chain, CloudLink link, Optional<Identity> admin, List<Path> keyFiles)
            throws IOException {
        this.files = files;
        this.chain = chain;
        this.link = link;
        this.policy = link.policy();
        this.admin = admin;
        this.keyFiles = keyFiles;
    }

    /** Opens the sub-network that the options name. */
    static Desk open(NetworkOptions options) throws IOException {
        OperatorFiles files = OperatorFiles.read(options.directory());
        return open(options, files, files.chain(options.chain()));
    }

    /** Opens that sub-network. */
    static Desk open(NetworkOptions options, OperatorFiles files, NetworkChain chain) throws IOException {
        EcProviders.install();
        Path adminKeys = files.adminKeys(chain);
        Optional<Identity> admin =
                Files.isDirectory(adminKeys) ? Optional.of(IdentityDirectory.load(adminKeys)) : Optional.empty();
        // Operators have no key that a chain knows members by: with k signatures every TLS key may post.
        KeyPair tls = admin.map(Identity::dtls).orElseGet(() -> KeyPair.generate(new SecureRandom()));
        CloudLink link = new CloudLink(addresses(options, files), tls, chain.id(), EcProviders.verifier());
        List<Path> keys =
                options instanceof SigningOptions signing && !signing.keys().isEmpty()
                        ? signing.keys()
                        : files.operatorKeys().stream().filter(Files::exists).toList();
        return new Desk(files, chain, link, admin, keys);
    }

    /** Where the cloud nodes are. */
    static List<HostPort> addresses(NetworkOptions options, OperatorFiles files) {
        if (options.cloud().isPresent()) {
            return List.of(options.cloud().get());
        }
        List<HostPort> known =
                files.cloud().stream().filter(address -> address.port() != 0).toList();
        if (known.isEmpty()) {
            throw new UsageFault("network.conf does not say where the cloud node is: --cloud HOST:PORT");
        }
        return known;
    }

    OperatorFiles files() {
        return files;
    }

    NetworkChain chain() {
        return chain;
    }

    CloudLink link() {
        return link;
    }

    /** The policy in force when this was opened. */
    Policy policy() {
        return policy.policy();
    }

    /** A transaction for this sub-network, by its names as the chain has them. */
    PartTransaction unsigned(Transaction transaction) {
        return PartTransaction.unsigned(policy.network(), policy.chainName(), chain.id(), transaction);
    }

    /** The admin whose keys are in the operator's directory, in {@link #adminKeys}. */
    Optional<Identity> admin() {
        return admin;
    }

    Path adminKeys() {
        return files.adminKeys(chain);
    }

    /** The record of a member that is or was one. */
    MemberRecord record(String name) throws IOException {
        if (!Names.isValid(name)) {
            throw new UsageFault("not a name: " + name);
        }
        if (admin.isEmpty()) {
            throw new UsageFault("only members may ask for records, and no admin's keys are in " + adminKeys());
        }
        return link.record(name)
                .orElseThrow(() -> new IOException(
                        "nobody of the name " + name + " was ever a member of sub-network " + chain.name()));
    }

    /** Operators of the policy whose keys are at hand, at most as many as have to sign. */
    List<Hand> operators() throws IOException {
        List<Hand> hands = new ArrayList<>();
        for (Path file : keyFiles) {
            KeyPair pair = KeyFile.read(file);
            if (hands.size() < policy().operators().k()
                    && policy().operators().keys().contains(pair.publicKey())) {
                hands.add(Hand.of("operator " + file, pair));
            }
        }
        return hands;
    }

    /** A transaction that exactly k operators sign, after those whose keys it brings. */
    Proposal byOperators(PartTransaction part, Wording wording, List<Hand> others, String stem) throws IOException {
        List<Hand> hands = new ArrayList<>(others);
        List<Hand> operators = operators();
        hands.addAll(operators);
        return new Proposal(part, wording, hands, policy().operators().k() - operators.size(), stem);
    }
}
