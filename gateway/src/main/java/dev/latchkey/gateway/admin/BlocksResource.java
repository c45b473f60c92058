package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a gateway has of a chain, for whoever has to bring it back: {@code /a/n/{net}/h}, the newest checkpoint, and
 * {@code /a/n/{net}/b?from=}, a CBOR sequence of raw blocks from that height on, as many as fit one answer, none behind the last.
 */
public final class BlocksResource implements AdminResource {
    static final String CHECKPOINT = "/h";
    static final String BLOCKS = "/b";

    /** An answer goes on to the next block while it is smaller, in bytes. */
    static final int ENOUGH_BYTES = 48 * 1024;

    private final Supplier<List<AdminChain>> chains;
    private final Executor workers;

    /** @param workers runs what reads the disk */
    public BlocksResource(Supplier<List<AdminChain>> chains, Executor workers) {
        this.chains = chains;
        this.workers = workers;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        AdminTree.CHAINS + "/{net}" + CHECKPOINT,
                        Method.GET,
                        (request, admin) -> of(request, BlocksResource::checkpoint))
                .route(
                        AdminTree.CHAINS + "/{net}" + BLOCKS,
                        Method.GET,
                        (request, admin) -> of(request, replica -> blocks(request, replica)));
    }

    private CompletionStage<CoapResponse> of(CoapRequest request, Function<Replica, CoapResponse> answer) {
        return CompletableFuture.supplyAsync(
                        () -> AdminChains.named(chains.get(), request.variable("net"))
                                .map(chain -> answer.apply(chain.replica()))
                                .orElseGet(() -> Problems.of("unknown-chain")),
                        workers)
                .exceptionally(Problems::ofFailure);
    }

    private static CoapResponse checkpoint(Replica replica) {
        return replica.heads()
                .newest()
                .map(head -> CoapResponse.content(ContentFormat.COSE_SIGN, head.checkpoint()))
                .orElseGet(() -> Problems.of("not-ready"));
    }

    private static CoapResponse blocks(CoapRequest request, Replica replica) {
        OptionalLong from = Page.from(request);
        if (from.isEmpty()) {
            return Problems.of("malformed");
        }
        List<Item> items = new ArrayList<>();
        long height = from.getAsLong();
        int size = 0;
        for (Optional<Bytes> block = replica.block(height);
                block.isPresent() && size < ENOUGH_BYTES;
                block = replica.block(++height)) {
            items.add(Cbor.bytes(block.get()));
            size += block.get().size();
        }
        return CoapResponse.content(ContentFormat.CBOR_SEQUENCE, Cbor.encodeSequence(items));
    }
}
