package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.chain.NotSigningException;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Published;
import dev.latchkey.cloud.chain.Receipts;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.util.List;
import java.util.function.Function;

/** What can be proved about a chain, each under a head that this node signed. Thread-safe. */
final class ProofEndpoints {
    private final StoredChains store;
    private final Access access;
    private final Receipts receipts;
    private final Leadership leadership;

    ProofEndpoints(StoredChains store, Access access, Receipts receipts, Leadership leadership) {
        this.leadership = leadership;
        this.store = store;
        this.access = access;
        this.receipts = receipts;
    }

    List<Route> routes() {
        return List.of(
                fresh("/v1/chains/{c}/keys", this::keys),
                fresh("/v1/chains/{c}/keys/{name}", this::key),
                fresh("/v1/chains/{c}/keys/{name}/history", this::history),
                get("/v1/chains/{c}/consistency", this::consistency),
                get("/v1/chains/{c}/headers/{height}", this::header),
                get("/v1/chains/{c}/receipts/{txid}", this::receipt));
    }

    private static Route get(String path, Function<Call, Answer> endpoint) {
        return Route.of("GET", path, call -> ChainEndpoints.now(endpoint.apply(call)));
    }

    /** What no member may answer from an older state than one that was acknowledged, unless a head was asked for. */
    private Route fresh(String path, Function<Call, Answer> endpoint) {
        return Route.of(
                "GET",
                path,
                call -> call.query().containsKey("h")
                        ? ChainEndpoints.now(endpoint.apply(call))
                        : leadership.signedFresh(access.chain(call)).thenApply(signed -> endpoint.apply(call)));
    }

    private OrderedChain known(Call call) {
        OrderedChain chain = access.chain(call);
        access.requireKnown(chain, call);
        return chain;
    }

    private static String name(Call call) {
        String name = call.variable("name");
        if (!Names.isValid(name)) {
            throw new Refusal(400, "bad-name", "the name breaks the grammar of names");
        }
        return name;
    }

    /** The record of a name, or that there is none. */
    private Answer key(Call call) {
        OrderedChain chain = known(call);
        String name = name(call);
        return Representation.of(KeyProof.answer(Heads.held(chain, call).state(), name));
    }

    /** Several names, with one proof in which they share nodes. */
    private Answer keys(Call call) {
        OrderedChain chain = known(call);
        List<String> names = List.of(call.query().getOrDefault("names", "").split(",", KeysProof.MAX_NAMES + 1));
        if (!KeysProof.isQuestion(names)) {
            throw Refusal.badRequest("names are 1 to 16 different ones, with commas between them");
        }
        if (!names.stream().allMatch(Names::isValid)) {
            throw new Refusal(400, "bad-name", "a name breaks the grammar of names");
        }
        return Representation.of(KeysProof.answer(Heads.held(chain, call).state(), names));
    }

    private Answer history(Call call) {
        OrderedChain chain = known(call);
        String name = name(call);
        Published under = Heads.held(chain, call);
        MemberRecord newest = under.state()
                .member(name)
                .orElseThrow(() -> Refusal.notFound("unknown-name", "nobody of that name was ever a member"));
        List<Bytes> older = store.recordsBefore(chain.id(), newest, KeyHistory.MAX_RECORDS - 1);
        return Representation.of(KeyHistory.answer(under.state(), name, older).orElseThrow());
    }

    /** Open to everybody, as checkpoints are: whoever holds one may ask whether the newest continues it. */
    private Answer consistency(Call call) {
        OrderedChain chain = access.chain(call);
        long older = call.number("a", Long.MAX_VALUE - 1);
        long head = Heads.newest(chain).height();
        long newer = call.number("b", head, Long.MAX_VALUE - 1);
        if (newer > head) {
            throw Refusal.notFound("unknown-height", "no signed head reaches that height");
        }
        if (older > newer) {
            throw Refusal.badRequest("the first height is at most the second");
        }
        return Representation.of(ConsistencyProof.answer(chain.line().history(), older, newer));
    }

    private Answer header(Call call) {
        OrderedChain chain = known(call);
        String text = call.variable("height");
        if (!text.matches("[0-9]{1,18}")) {
            throw Refusal.badRequest("a height is a number");
        }
        long height = Long.parseLong(text);
        Published under = Heads.held(chain, call);
        if (height > under.height()) {
            throw Refusal.notFound("unknown-height", "the checkpoint does not reach that height");
        }
        return Representation.of(
                HeaderProof.answer(chain.line().history(), height, receipts.header(chain, height), under.height()));
    }

    private Answer receipt(Call call) {
        OrderedChain chain = known(call);
        String hex = call.variable("txid");
        if (!hex.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")) {
            throw Refusal.badRequest("a transaction id is 64 hexadecimal digits");
        }
        Published under = Heads.newest(chain);
        TransactionLocation location = under.state()
                .applied(Digest.of(Bytes.fromHex(hex)))
                .orElseThrow(() -> Refusal.notFound("unknown-transaction", "no such transaction was applied"));
        String form = call.query().getOrDefault("form", "");
        if (form.isEmpty()) {
            return Representation.of(receipts.under(chain, under).receipt(location));
        }
        if (!form.equals("cose")) {
            throw Refusal.badRequest("a receipt has no such form");
        }
        try {
            return Answer.ok(MediaTypes.COSE_RECEIPT, chain.line().coseReceipt(location.height(), under));
        } catch (NotSigningException e) {
            throw NoCheckpoint.cause(e);
        }
    }
}
