package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of a new network with one sub-network, its cloud nodes and one gateway, and the genesis over them. Immutable;
 * holds secrets.
 *
 * @param operators sign policies and roles, so many of them as the policy says
 * @param admin signs vouchers
 * @param nodes keys of the cloud nodes
 * @param gateway the gateway's keys
 * @param enrolmentSecret what operator and gateways share
 * @param genesis begins the chain
 */
record NewNetwork(
        String network,
        String chainName,
        List<KeyPair> operators,
        Identity admin,
        List<NodeKeys> nodes,
        Identity gateway,
        Bytes enrolmentSecret,
        SignedTransaction genesis) {
    /** Name of the first admin on the chain. */
    static final String ADMIN_NAME = "admin-1";

    /** Name of the first gateway on the chain. */
    static final String GATEWAY_NAME = "gateway-1";

    /**
     * Who must sign what.
     *
     * @param operators how many operators there are
     * @param threshold how many of them must sign
     * @param witnesses how many cosignatures a cautious verifier asks for; the first gateway is a witness in any case
     * @param nodes how many cloud nodes there are
     */
    record Size(int operators, int threshold, int witnesses, int nodes, int replicas) {}

    /** The keys of a cloud node: one signs checkpoints, with the other it speaks TLS. */
    record NodeKeys(KeyPair replica, KeyPair tls) {
        static NodeKeys generate(SecureRandom random) {
            return new NodeKeys(KeyPair.generate(random), KeyPair.generate(random));
        }

        Policy.Replica publicKeys() {
            return new Policy.Replica(replica.publicKey(), tls.publicKey());
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "keys of a cloud node";
        }
    }

    static NewNetwork generate(String network, String chainName, Size size, SecureRandom random, Clock clock) {
        List<KeyPair> operators = Stream.generate(() -> KeyPair.generate(random))
                .limit(size.operators())
                .toList();
        List<NodeKeys> nodes = Stream.generate(() -> NodeKeys.generate(random))
                .limit(size.nodes())
                .toList();
        Identity admin = Identity.generate(random);
        Identity gateway = Identity.generate(random);
        byte[] secret = new byte[Enrolment.SECRET_BYTES];
        random.nextBytes(secret);
        Policy first = Policy.first(
                new Policy.Operators(
                        size.threshold(),
                        operators.stream().map(KeyPair::publicKey).toList()),
                new Policy.Replicas(
                        size.replicas(),
                        nodes.stream().map(NodeKeys::publicKeys).toList()));
        Policy policy = witnessed(
                first,
                size.witnesses(),
                new Policy.Witness(GATEWAY_NAME, gateway.sig().publicKey()));
        Genesis genesis = new Genesis(
                network,
                chainName,
                policy,
                clock.millis(),
                List.of(
                        new Genesis.FirstMember(ADMIN_NAME, Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember(GATEWAY_NAME, Role.GATEWAY, gateway.keys(), Optional.empty())));
        SignedTransaction signed =
                TransactionSigning.genesis(genesis, operators.subList(0, size.threshold()), List.of(admin, gateway));
        return new NewNetwork(network, chainName, operators, admin, nodes, gateway, Bytes.wrap(secret), signed);
    }

    /** A first policy with a witness. */
    static Policy witnessed(Policy first, int quorum, Policy.Witness witness) {
        return new Policy(
                first.number(),
                first.previous(),
                first.operators(),
                first.replicas(),
                new Policy.Witnesses(quorum, List.of(witness)),
                first.difficulty(),
                first.limits(),
                first.siblings(),
                first.blockVersion());
    }

    /** How many operators must sign. */
    int threshold() {
        return ((Genesis) genesis.transaction()).policy().operators().k();
    }

    /** The chain's id. */
    ChainId chain() {
        return ((Genesis) genesis.transaction()).chainId();
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "network " + network + ", sub-network " + chainName;
    }
}
