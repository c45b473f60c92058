package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/** /g, /h, /k, /c and /b: what a verified replica says, with proof. Stateless. */
final class ChainResources {
    private final Executor workers;
    private final ProvisionalMembers provisionals;

    ChainResources(Executor workers, ProvisionalMembers provisionals) {
        this.workers = workers;
        this.provisionals = provisionals;
    }

    /**
     * GET /g?from=: genesis, policy and evidence transactions in chain order, without the first so many, by which a device
     * walks from the chain id to today's keys.
     */
    CompletionStage<CoapResponse> policies(CoapRequest request, Replica replica) {
        OptionalLong from = Parameters.number(request, "from", 0);
        if (from.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        if (replica.state().isEmpty()) {
            return answer(Problems.of("not-ready"));
        }
        List<Item> items = new ArrayList<>();
        replica.policyTransactions((int) Math.min(from.getAsLong(), Integer.MAX_VALUE))
                .forEach(transaction -> items.add(Cbor.bytes(transaction)));
        return answer(
                Cacheable.of(ContentFormat.CBOR_SEQUENCE, Cbor.encodeSequence(items), Cacheable.CHECKPOINT_SECONDS));
    }

    /** GET /h: the newest checkpoint. */
    CompletionStage<CoapResponse> checkpoint(CoapRequest request, Replica replica) {
        return answer(replica.heads()
                .newest()
                .map(head -> Cacheable.of(ContentFormat.COSE_SIGN, head.checkpoint(), Cacheable.CHECKPOINT_SECONDS))
                .orElseGet(() -> Problems.of("not-ready")));
    }

    /** GET /k/{name}: a record, its proof, or its history. */
    CompletionStage<CoapResponse> key(CoapRequest request, Replica replica) {
        return answering(request, replica, (asked, of) -> KeyResources.key(asked, of, provisionals));
    }

    /** FETCH /k: several records with one proof. */
    CompletionStage<CoapResponse> keys(CoapRequest request, Replica replica) {
        return answering(request, replica, KeyResources::keys);
    }

    /** GET /c?a=&b=: that one height continues another. */
    CompletionStage<CoapResponse> consistency(CoapRequest request, Replica replica) {
        return answering(request, replica, ConsistencyResource::consistency);
    }

    /** GET /b/{height}: the raw block; with p=1 and h= header and path under the checkpoint of that height. */
    CompletionStage<CoapResponse> block(CoapRequest request, Replica replica) {
        OptionalLong height = Parameters.number(request.variable("height"));
        if (height.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        if (wantsProof(request)) {
            return answering(request, replica, (asked, of) -> provenHeader(asked, of, height.getAsLong()));
        }
        if (!seesBlocks(request, replica)) {
            return answer(Problems.of("not-allowed"));
        }
        return answering(request, replica, (asked, of) -> rawBlock(of, height.getAsLong()));
    }

    /** Proofs hash and histories read the disk: neither belongs on the threads that receive. */
    private CompletionStage<CoapResponse> answering(
            CoapRequest request, Replica replica, BiFunction<CoapRequest, Replica, CoapResponse> resource) {
        return CompletableFuture.supplyAsync(() -> resource.apply(request, replica), workers)
                .exceptionally(Problems::ofFailure);
    }

    private CoapResponse provenHeader(CoapRequest request, Replica replica, long height) {
        Optional<Head> head = KeyResources.head(request, replica);
        if (head.isEmpty()) {
            return Problems.of("stale-height");
        }
        Optional<Bytes> header = replica.header(height);
        if (header.isEmpty() || height > head.get().height()) {
            return Problems.of("unknown-height");
        }
        Bytes proof = HeaderProof.answer(
                replica.history(), height, header.get(), head.get().height());
        return Cacheable.proof(request, proof);
    }

    private CoapResponse rawBlock(Replica replica, long height) {
        return replica.block(height)
                .map(block -> Cacheable.of(ContentFormat.CBOR, block, Cacheable.PROOF_SECONDS))
                .orElseGet(() -> Problems.of("unknown-height"));
    }

    /** Raw blocks are for those with a role other than member in that very chain. */
    private boolean seesBlocks(CoapRequest request, Replica replica) {
        return Access.member(request)
                .map(member -> member.record().keys().dtls())
                .flatMap(replica.members()::byDtlsKey)
                .filter(there -> there.isCurrent() && there.record().role() != Role.MEMBER)
                .isPresent();
    }

    private static boolean wantsProof(CoapRequest request) {
        return request.parameter("p").filter("1"::equals).isPresent();
    }
}
