package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSession;

/** Who calls, and which chain is meant. Thread-safe. Looks at the newest verified state at every request. */
final class Access {
    private final ChainsMachine chains;
    private final Function<SSLSession, Optional<CoseKey>> peerKey;

    Access(ChainsMachine chains, Function<SSLSession, Optional<CoseKey>> peerKey) {
        this.chains = chains;
        this.peerKey = peerKey;
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

    /** The key of the client's certificate. */
    Optional<CoseKey> key(Call call) {
        return peerKey.apply(call.tls());
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
