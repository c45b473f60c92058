package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Published;
import dev.latchkey.cloud.chain.Receipts;
import dev.latchkey.cloud.chain.TransactionQueue;
import dev.latchkey.cloud.chain.Verdict;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Takes transactions, one or many, and answers each with its receipt or the reason against it. Thread-safe. */
final class TransactionEndpoint {
    /** A full block's transactions and the heads of their items. */
    private static final int MAX_BODY_BYTES = Block.MAX_BYTES;

    /** A committed transaction whose checkpoint takes longer is answered with 503; it stays committed. */
    private static final long MAX_RECEIPT_SECONDS = 20;

    /** One transaction of the longest kind and its head. */
    private static final int MAX_VISITOR_BYTES = SignedTransaction.MAX_BYTES + 16;

    private final Access access;
    private final Function<OrderedChain, TransactionQueue> queues;
    private final Receipts receipts;
    private final Executor workers;
    private final Visitors visitors;
    private final TransactionFigures figures;

    TransactionEndpoint(
            Access access,
            Function<OrderedChain, TransactionQueue> queues,
            Receipts receipts,
            Visitors visitors,
            Executor workers,
            TransactionFigures figures) {
        this.access = access;
        this.queues = queues;
        this.receipts = receipts;
        this.visitors = visitors;
        this.workers = workers;
        this.figures = figures;
    }

    Route route() {
        return Route.of("POST", "/v1/chains/{c}/transactions", MAX_BODY_BYTES, this::admit, this::submit);
    }

    /** Who shows no key is not listened to, and a visitor only for as long as one transaction is. */
    private void admit(Call call, long bodyBytes) {
        access.requireKey(call);
        boolean visitor = access.caller(access.chain(call), call).isVisitor();
        if (visitor && (bodyBytes < 0 || bodyBytes > MAX_VISITOR_BYTES)) {
            throw Refusal.tooLarge();
        }
    }

    private CompletionStage<Answer> submit(Call call) {
        OrderedChain chain = access.chain(call);
        Caller caller = access.caller(chain, call);
        List<Bytes> transactions = transactions(call.body());
        if (!caller.isVisitor()) {
            return submit(chain, transactions);
        }
        if (transactions.size() != 1 || !isOpen(chain, caller, call, transactions.get(0))) {
            throw Refusal.forbidden(
                    "an unknown key may post one transaction: its own entrance, or one that k operators signed");
        }
        return visitors.admit(access.remote(call), () -> submit(chain, transactions));
    }

    private boolean isOpen(OrderedChain chain, Caller caller, Call call, Bytes transaction) {
        return Entrance.isOpen(
                        caller, access.isMemberSomewhere(call), chain.line().verified(), transaction)
                || access.isSiblingGateway(chain, call);
    }

    /** A sequence of transactions, each as it is or as a byte string. */
    private static List<Bytes> transactions(Bytes body) {
        try {
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(body, MAX_BODY_BYTES)) {
                transactions.add(item.kind() == Item.Kind.BYTES ? item.asBytes() : Cbor.encode(item));
            }
            if (transactions.isEmpty() || transactions.size() > Block.MAX_TRANSACTIONS) {
                throw Refusal.badRequest("a request carries 1 to 1024 transactions");
            }
            return transactions;
        } catch (MalformedCborException e) {
            throw Refusal.badRequest("the body is not a sequence of transactions in deterministic CBOR");
        }
    }

    private CompletionStage<Answer> submit(OrderedChain chain, List<Bytes> transactions) {
        TransactionQueue queue = queues.apply(chain);
        long sinceNanos = System.nanoTime();
        List<CompletableFuture<Verdict>> pending = new ArrayList<>();
        for (Bytes transaction : transactions) {
            pending.add(queue.submit(transaction).toCompletableFuture());
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                .thenApply(done -> pending.stream().map(CompletableFuture::join).toList())
                .whenComplete((verdicts, fault) -> {
                    if (fault == null) {
                        figures.judged(verdicts, sinceNanos);
                    }
                })
                .thenComposeAsync(verdicts -> answer(chain, verdicts), workers)
                .exceptionally(fault -> {
                    throw NoCheckpoint.cause(fault);
                });
    }

    private CompletionStage<Answer> answer(OrderedChain chain, List<Verdict> verdicts) {
        long height = -1;
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Verdict.Placed placed) {
                height = Math.max(height, placed.height());
            }
        }
        if (height < 0) {
            return CompletableFuture.completedFuture(body(verdicts, verdict -> Bytes.EMPTY));
        }
        return chain.line()
                .reached(height)
                .copy()
                .orTimeout(MAX_RECEIPT_SECONDS, TimeUnit.SECONDS)
                .thenApplyAsync(under -> body(verdicts, cutter(chain, under)), workers);
    }

    private Function<Verdict.Placed, Bytes> cutter(OrderedChain chain, Published under) {
        Receipts.UnderHead head = receipts.under(chain, under);
        return placed -> head.receipt(new TransactionLocation(placed.height(), placed.index()));
    }

    private static Answer body(List<Verdict> verdicts, Function<Verdict.Placed, Bytes> receipt) {
        List<Item> items = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            TransactionAnswer answer;
            if (verdict instanceof Verdict.Placed placed) {
                answer = new TransactionAnswer.Accepted(placed.transactionId(), receipt.apply(placed));
            } else {
                String code = ((Verdict.Refused) verdict).code();
                answer = new TransactionAnswer.Rejected(code, RefusalTexts.of(code));
            }
            items.add(answer.item());
        }
        return Answer.ok(MediaTypes.CBOR, Cbor.encode(Cbor.array(items)));
    }
}
