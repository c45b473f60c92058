package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Published;
import dev.latchkey.cloud.chain.Receipts;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What can be read of a chain. Thread-safe. */
final class ChainEndpoints {
    private final ChainsMachine chains;
    private final StoredChains store;
    private final Access access;
    private final Receipts receipts;
    private final Streams streams;
    private final Executor workers;

    ChainEndpoints(
            ChainsMachine chains,
            StoredChains store,
            Access access,
            Receipts receipts,
            Streams streams,
            Executor workers) {
        this.chains = chains;
        this.store = store;
        this.access = access;
        this.receipts = receipts;
        this.streams = streams;
        this.workers = workers;
    }

    List<Route> routes() {
        return List.of(
                get("/v1/chains", this::list),
                get("/v1/chains/{c}", this::summary),
                get("/v1/chains/{c}/policy", this::policy),
                get("/v1/chains/{c}/checkpoint", this::checkpoint),
                get("/v1/chains/{c}/blocks", this::blocks));
    }

    private static Route get(String path, Function<Call, Answer> endpoint) {
        return Route.of("GET", path, call -> now(endpoint.apply(call)));
    }

    static CompletionStage<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private Answer list(Call call) {
        List<Item> items = new ArrayList<>();
        for (OrderedChain chain : chains.chains()) {
            ChainState state = chain.applied();
            items.add(Cbor.array(
                    Cbor.bytes(state.chainId().bytes()), Cbor.text(state.chainName()), Cbor.uint(state.height())));
        }
        return Representation.of(Cbor.array(items));
    }

    private Answer summary(Call call) {
        ChainState state = access.chain(call).applied();
        return Representation.of(Cbor.array(
                Cbor.bytes(state.chainId().bytes()),
                Cbor.text(state.network()),
                Cbor.text(state.chainName()),
                Cbor.uint(state.height()),
                Cbor.bytes(state.blockHash().bytes()),
                Cbor.bytes(state.directoryRoot().bytes()),
                Cbor.uint(state.memberCount())));
    }

    /** Open to everybody: how a client walks from the chain id to the keys of today. */
    private Answer policy(Call call) {
        OrderedChain chain = access.chain(call);
        long from = call.number("from", 0, Long.MAX_VALUE);
        List<Item> transactions = chain.line().verified().policyTransactions().stream()
                .skip(from)
                .map(Cbor::bytes)
                .toList();
        return Representation.ofSequence(transactions);
    }

    /** Open to everybody: it says nothing but hashes, and is worthless without the chain id. */
    private Answer checkpoint(Call call) {
        OrderedChain chain = access.chain(call);
        if (!call.query().containsKey("q")) {
            return Answer.ok(MediaTypes.CHECKPOINT, Heads.held(chain, call).encoded());
        }
        int witnesses = (int) call.number("q", Policy.MAX_KEYS);
        Published cosigned = chain.line()
                .cosigned(witnesses)
                .orElseThrow(() -> Refusal.notFound("too-few-witnesses", "no kept head has so many cosignatures"));
        return Answer.ok(MediaTypes.CHECKPOINT, cosigned.encoded());
    }

    private Answer blocks(Call call) {
        OrderedChain chain = access.chain(call);
        access.requireBlocks(chain, call);
        long from = call.number("from", Long.MAX_VALUE - 1);
        boolean follow = call.flag("follow");
        if (call.query().containsKey("to")) {
            return range(chain, call, from, call.number("to", Long.MAX_VALUE - 1), follow);
        }
        if (follow) {
            streams.requireOpen();
        }
        BlockPieces pieces = new BlockPieces(
                chain,
                store,
                from,
                follow,
                () -> streams.isOpen() && access.caller(chain, call).seesBlocks(),
                workers);
        return Answer.stream(MediaTypes.CBOR_SEQUENCE, pieces);
    }

    /** Blocks that are there and never change: from the hash of the last one follow all before it. */
    private Answer range(OrderedChain chain, Call call, long from, long to, boolean follow) {
        if (follow || to < from) {
            throw Refusal.badRequest("a range ends at or after its beginning, and is not followed");
        }
        if (to > chain.line().verified().height()) {
            throw Refusal.notFound("unknown-height", "the chain does not reach that height yet");
        }
        String tag =
                "\"" + from + "-" + Digest.sha256(receipts.header(chain, to)).toHex() + "\"";
        Map<String, String> headers = Map.of("ETag", tag, "Cache-Control", "private, max-age=31536000, immutable");
        if (EntityTags.isHeld(call, tag)) {
            return new Answer.Whole(304, MediaTypes.CBOR_SEQUENCE, headers, Bytes.EMPTY);
        }
        return new Answer.Stream(
                MediaTypes.CBOR_SEQUENCE,
                headers,
                new RangePieces(
                        chain.id(),
                        store,
                        from,
                        to,
                        () -> streams.isOpen() && access.caller(chain, call).seesBlocks()));
    }
}
