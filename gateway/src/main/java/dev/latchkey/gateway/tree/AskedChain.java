package dev.latchkey.gateway.tree;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Handler;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which chain a request is about: the one that {@code ?n=} names, else the peer's own, else the first one served. Stateless.
 */
public final class AskedChain {
    private final Replicas replicas;

    public AskedChain(Replicas replicas) {
        this.replicas = replicas;
    }

    /** Answers a request about a served chain. */
    @FunctionalInterface
    public interface ChainHandler {
        CompletionStage<CoapResponse> handle(CoapRequest request, Replica replica);
    }

    /** Answers a request about a chain that is not served here. */
    @FunctionalInterface
    public interface SiblingHandler {
        CompletionStage<CoapResponse> handle(CoapRequest request, Policy.Sibling sibling);
    }

    /** A handler that finds the chain and refuses with 4.04 unknown-chain if there is no such chain. */
    public Handler served(ChainHandler handler) {
        return request -> replica(request)
                .map(replica -> handler.handle(request, replica))
                .orElseGet(() -> Access.answer(Problems.of("unknown-chain")));
    }

    /** The replicas of all served chains. */
    public List<Replica> served() {
        return replicas.all();
    }

    /** The replica of a chain, if it is served here. */
    public Optional<Replica> served(ChainId chain) {
        return replicas.of(chain);
    }

    /** The replica of the chain that a request is about, if it is served here. */
    public Optional<Replica> replica(CoapRequest request) {
        Optional<String> named = request.parameter("n");
        return named.isPresent() ? replicas.named(named.get()) : Optional.of(own(request));
    }

    /** A handler that also answers about a sibling of the member's own chain that is not served here. */
    public Handler servedOrSibling(ChainHandler served, SiblingHandler other) {
        return request -> {
            Optional<Replica> replica = replica(request);
            if (replica.isPresent()) {
                return served.handle(request, replica.get());
            }
            return sibling(request)
                    .map(sibling -> other.handle(request, sibling))
                    .orElseGet(() -> Access.answer(Problems.of("unknown-chain")));
        };
    }

    /** What the policy of a member's own chain says of the chain that it names, if that is a sibling. */
    public Optional<Policy.Sibling> sibling(CoapRequest request) {
        Optional<String> named = request.parameter("n");
        if (named.isEmpty() || !(request.peer().handle() instanceof MemberHandle)) {
            return Optional.empty();
        }
        return own(request).state().stream()
                .flatMap(state -> state.policy().siblings().stream())
                .filter(sibling -> sibling.name().equals(named.get()))
                .findFirst();
    }

    /** The replica of the peer's own chain; of the first chain for who is no member. */
    public Replica own(CoapRequest request) {
        return request.peer().handle() instanceof MemberHandle member ? replicas.of(member) : replicas.first();
    }
}
