package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** /g, /h, /k and /b: what a verified replica says, with proof. Stateless. */
final class ChainResources {
    /** How long a proof under a given height may be cached: it never changes, heads are kept for an hour. */
    private static final long PROOF_SECONDS = 3_600;

    /** How long what may change with the next block may be cached. */
    private static final long CURRENT_SECONDS = 1;

    /** How long a checkpoint is as good as the next one: notifications come at most as often. */
    private static final long CHECKPOINT_SECONDS = 60;

    private static final int ETAG_BYTES = 8;

    private final Executor workers;

    ChainResources(Executor workers) {
        this.workers = workers;
    }

    /** GET /g?from=: genesis and policy transactions, by which a device walks from the chain id to today's keys. */
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
        return answer(cacheable(ContentFormat.CBOR_SEQUENCE, Cbor.encodeSequence(items), CHECKPOINT_SECONDS));
    }

    /** GET /h: the newest checkpoint. */
    CompletionStage<CoapResponse> checkpoint(CoapRequest request, Replica replica) {
        return answer(replica.heads()
                .newest()
                .map(head -> cacheable(ContentFormat.COSE_SIGN, head.checkpoint(), CHECKPOINT_SECONDS))
                .orElseGet(() -> Problems.of("not-ready")));
    }

    /** GET /k/{name}: the record; with p=1 and h= record and proof under the checkpoint of that height. */
    CompletionStage<CoapResponse> key(CoapRequest request, Replica replica) {
        String name = request.variable("name");
        if (!Names.isValid(name)) {
            return answer(Problems.of("bad-name"));
        }
        return answer(wantsProof(request) ? provenKey(request, replica, name) : currentRecord(replica, name));
    }

    /** GET /b/{height}: the raw block; with p=1 and h= header and path under the checkpoint of that height. */
    CompletionStage<CoapResponse> block(CoapRequest request, Replica replica) {
        OptionalLong height = Parameters.number(request.variable("height"));
        if (height.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        if (wantsProof(request)) {
            return CompletableFuture.supplyAsync(() -> provenHeader(request, replica, height.getAsLong()), workers);
        }
        if (!seesBlocks(request, replica)) {
            return answer(Problems.of("not-allowed"));
        }
        return CompletableFuture.supplyAsync(() -> rawBlock(replica, height.getAsLong()), workers);
    }

    private CoapResponse provenKey(CoapRequest request, Replica replica, String name) {
        Optional<Head> head = head(request, replica);
        if (head.isEmpty()) {
            return Problems.of("stale-height");
        }
        return cacheable(ContentFormat.CBOR, KeyProof.answer(head.get().state(), name), PROOF_SECONDS);
    }

    private CoapResponse currentRecord(Replica replica, String name) {
        return replica.state()
                .flatMap(state -> state.member(name))
                .map(MemberRecord::encode)
                .map(record -> cacheable(ContentFormat.CBOR, record, CURRENT_SECONDS))
                .orElseGet(() -> Problems.of("unknown-name"));
    }

    private CoapResponse provenHeader(CoapRequest request, Replica replica, long height) {
        Optional<Head> head = head(request, replica);
        if (head.isEmpty()) {
            return Problems.of("stale-height");
        }
        Optional<Bytes> header = replica.header(height);
        if (header.isEmpty() || height > head.get().height()) {
            return Problems.of("unknown-height");
        }
        Bytes proof = HeaderProof.answer(
                replica.history(), height, header.get(), head.get().height());
        return cacheable(ContentFormat.CBOR, proof, PROOF_SECONDS);
    }

    private CoapResponse rawBlock(Replica replica, long height) {
        return replica.block(height)
                .map(block -> cacheable(ContentFormat.CBOR, block, PROOF_SECONDS))
                .orElseGet(() -> Problems.of("unknown-height"));
    }

    /** The head that the caller holds, or the newest; empty if it was never handed out here or is no longer kept. */
    private Optional<Head> head(CoapRequest request, Replica replica) {
        Optional<String> height = request.parameter("h");
        if (height.isEmpty()) {
            return replica.heads().newest();
        }
        OptionalLong number = Parameters.number(height.get());
        return number.isPresent() ? replica.heads().at(number.getAsLong()) : Optional.empty();
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

    private static CoapResponse cacheable(int contentFormat, Bytes payload, long seconds) {
        Bytes etag = Digest.sha256(payload).bytes().slice(0, ETAG_BYTES);
        return CoapResponse.content(contentFormat, payload).withMaxAge(seconds).withEtag(etag);
    }
}
