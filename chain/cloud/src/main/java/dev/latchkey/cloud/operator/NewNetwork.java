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

/**
 * The keys of a new network with one sub-network, one cloud node and one gateway, and the genesis over them. Immutable;
 * holds secrets.
 *
 * @param operator signs policies and roles
 * @param admin signs vouchers
 * @param replica signs checkpoints
 * @param tls is the cloud node's TLS key
 * @param gateway the gateway's keys
 * @param enrolmentSecret what operator and gateways share
 * @param genesis begins the chain
 */
record NewNetwork(
        String network,
        String chainName,
        KeyPair operator,
        Identity admin,
        KeyPair replica,
        KeyPair tls,
        Identity gateway,
        Bytes enrolmentSecret,
        SignedTransaction genesis) {
    /** Name of the first admin on the chain. */
    static final String ADMIN_NAME = "admin-1";

    /** Name of the first gateway on the chain. */
    static final String GATEWAY_NAME = "gateway-1";

    static NewNetwork generate(String network, String chainName, SecureRandom random, Clock clock) {
        KeyPair operator = KeyPair.generate(random);
        KeyPair replica = KeyPair.generate(random);
        KeyPair tls = KeyPair.generate(random);
        Identity admin = Identity.generate(random);
        Identity gateway = Identity.generate(random);
        byte[] secret = new byte[Enrolment.SECRET_BYTES];
        random.nextBytes(secret);
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(1, List.of(new Policy.Replica(replica.publicKey(), tls.publicKey()))));
        Genesis genesis = new Genesis(
                network,
                chainName,
                policy,
                clock.millis(),
                List.of(
                        new Genesis.FirstMember(ADMIN_NAME, Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember(GATEWAY_NAME, Role.GATEWAY, gateway.keys(), Optional.empty())));
        SignedTransaction signed = TransactionSigning.genesis(genesis, List.of(operator), List.of(admin, gateway));
        return new NewNetwork(network, chainName, operator, admin, replica, tls, gateway, Bytes.wrap(secret), signed);
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
