package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Role;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;

/** Who calls, and which chain is meant. Thread-safe. Looks at the newest verified state at every request. */
final class Access {
    private final ChainsMachine chains;
    private final Function<SSLSession, Optional<CoseKey>> peerKey;

    private final Predicate<CoseKey> peers;

    /**
     * Access to the chains of a node.
     *
     * @param peers whether a key is of another member of the node's cluster
     */
    Access(ChainsMachine chains, Function<SSLSession, Optional<CoseKey>> peerKey, Predicate<CoseKey> peers) {
        this.chains = chains;
        this.peerKey = peerKey;
        this.peers = peers;
    }

    /** The chain of the path's variable {@code c}. */
    OrderedChain chain(Call call) {
        return chain(call.variable("c"));
    }

    /** The chain of an id in hexadecimal. */
    OrderedChain chain(String hex) {
        return chains.chain(chainId(hex))
                .orElseThrow(() -> Refusal.notFound("unknown-chain", "this node does not order that chain"));
    }

    /** An id in hexadecimal. */
    static ChainId chainId(String hex) {
        if (hex == null || !hex.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")) {
            throw Refusal.badRequest("a chain id is 64 hexadecimal digits");
        }
        return ChainId.fromHex(hex);
    }

    /** The key of the client's certificate; where a member handed the request on, of the client there. */
    Optional<CoseKey> key(Call call) {
        return isHandedOn(call) ? Forwarded.key(call) : peerKey.apply(call.tls());
    }

    /** Where the request came from. */
    InetAddress remote(Call call) {
        return isHandedOn(call) ? Forwarded.from(call) : call.remote();
    }

    private boolean isHandedOn(Call call) {
        return Forwarded.is(call) && isPeer(call);
    }

    /** Whether the request comes from another member of this node's cluster. */
    boolean isPeer(Call call) {
        return peerKey.apply(call.tls()).filter(peers).isPresent();
    }

    /** Who calls, by the chain's newest verified state. */
    Caller caller(OrderedChain chain, Call call) {
        return key(call).map(key -> caller(chain, key)).orElseGet(Caller.Nobody::new);
    }

    /** Who the holder of a key is now. */
    Caller caller(OrderedChain chain, CoseKey key) {
        ChainState state = chain.line().verified();
        boolean replica = state.policy().replicas().nodes().stream()
                .anyMatch(node -> node.tls().equals(key));
        if (replica) {
            return new Caller.Replica();
        }
        return state.registrant(key.kid())
                .filter(record -> record.keys().dtls().equals(key))
                .flatMap(Caller::holderOf)
                .orElseGet(() -> new Caller.Stranger(key));
    }

    /** Whether some chain of this node knows the caller as an active member. */
    boolean isMemberSomewhere(Call call) {
        Optional<CoseKey> key = key(call);
        return key.isPresent()
                && chains.chains().stream()
                        .anyMatch(chain -> caller(chain, key.get()).member().isPresent());
    }

    /** Whether the caller may see figures of the node: who is on its machine, admins and auditors. */
    boolean mayWatch(Call call) {
        Optional<CoseKey> key = key(call);
        return remote(call).isLoopbackAddress()
                || key.isPresent()
                        && chains.chains().stream()
                                .flatMap(chain -> caller(chain, key.get()).member().stream())
                                .anyMatch(record -> record.role() == Role.ADMIN || record.role() == Role.AUDITOR);
    }

    /** Whether the caller holds the TLS key of a replica of every chain of this node. */
    boolean isReplicaEverywhere(Call call) {
        Optional<CoseKey> key = peerKey.apply(call.tls());
        return key.isPresent()
                && !chains.chains().isEmpty()
                && chains.chains().stream().allMatch(chain -> caller(chain, key.get()) instanceof Caller.Replica);
    }

    /** Whether some chain of this node knows a key as a member's, active or on a move, or as a replica's. */
    boolean isKnownSomewhere(CoseKey key) {
        return chains.chains().stream().anyMatch(chain -> caller(chain, key).seesRecords());
    }

    /** Refuses who shows no key at all. */
    void requireKey(Call call) {
        if (key(call).isEmpty()) {
            throw Refusal.forbidden("a client certificate is needed");
        }
    }

    /**
     * Whether the caller is an active gateway of a chain that this one names as a sibling: it asks and posts for members
     * who are about to come.
     */
    boolean isSiblingGateway(OrderedChain chain, Call call) {
        Optional<CoseKey> key = key(call);
        return key.isPresent()
                && chain.line().verified().policy().siblings().stream()
                        .flatMap(sibling -> chains.chain(sibling.chain()).stream())
                        .anyMatch(
                                sibling -> caller(sibling, key.get()).gateway().isPresent());
    }

    /** Refuses who is neither an active member, nor one on a move, nor a replica, nor a gateway of a sibling. */
    void requireKnown(OrderedChain chain, Call call) {
        if (!caller(chain, call).seesRecords() && !isSiblingGateway(chain, call)) {
            throw Refusal.forbidden("only active members of the chain and gateways of its siblings may ask this");
        }
    }

    /** Refuses who may not see raw blocks. */
    void requireBlocks(OrderedChain chain, Call call) {
        if (!caller(chain, call).seesBlocks()) {
            throw Refusal.forbidden("blocks are for gateways, admins, auditors and replicas");
        }
    }
}
