package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.enrol.ProvisionalDesk;
import dev.latchkey.gateway.enrol.ProvisionalMember;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.VoucherHolder;
import dev.latchkey.gateway.uplink.CloudException;
import dev.latchkey.gateway.uplink.CloudFaultException;
import dev.latchkey.gateway.uplink.TransactionForwarder;
import dev.latchkey.ledger.Admission;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.Receipt;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * /t. POST: a transaction is checked in full here, handed to the cloud, and answered with 2.01 only when this gateway's
 * own replica has verified its block: from that answer on the new key works here. A join may get a provisional receipt while
 * the cloud is away. Stateless.
 */
final class TransactionResource {
    private final AskedChain asked;
    private final SiblingResources siblings;
    private final Function<ChainId, TransactionForwarder> forwarders;
    private final ProvisionalDesk provisionals;
    private final EcVerifier verifier;
    private final Executor workers;
    private final Clock clock;
    private final Duration longestWait;

    TransactionResource(
            AskedChain asked,
            SiblingResources siblings,
            Function<ChainId, TransactionForwarder> forwarders,
            ProvisionalDesk provisionals,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            Duration longestWait) {
        this.asked = asked;
        this.siblings = siblings;
        this.forwarders = forwarders;
        this.provisionals = provisionals;
        this.verifier = verifier;
        this.workers = workers;
        this.clock = clock;
        this.longestWait = longestWait;
    }

    CompletionStage<CoapResponse> post(CoapRequest request) {
        if (request.contentFormat().orElse(-1) != ContentFormat.COSE_SIGN) {
            return answer(Problems.of("unsupported-format"));
        }
        if (request.payload().size() > SignedTransaction.MAX_BYTES) {
            return answer(Problems.of("too-large"));
        }
        return CompletableFuture.supplyAsync(() -> check(request), workers)
                .thenCompose(checked -> checked)
                .exceptionally(TransactionResource::failure);
    }

    /**
     * GET /t/{id}: the receipt of an applied transaction, made by this gateway from its own verified blocks under the
     * newest checkpoint it has handed out; of a provisional join the provisional receipt, or that it was refused.
     */
    CompletionStage<CoapResponse> outcome(CoapRequest request, Replica replica) {
        String id = request.variable("id");
        if (!id.matches("[0-9a-f]{" + 2 * Digest.SIZE + "}")) {
            return answer(Problems.of("malformed"));
        }
        return CompletableFuture.supplyAsync(() -> outcome(replica, Digest.of(Bytes.fromHex(id))), workers)
                .exceptionally(Problems::ofFailure);
    }

    private CoapResponse outcome(Replica replica, Digest id) {
        Optional<ProvisionalMember> known = provisionals.book().byId(id);
        boolean proved = replica.heads()
                .newest()
                .filter(head -> head.state().applied(id).isPresent())
                .isPresent();
        if (known.isEmpty() || proved) {
            return receipt(replica, id);
        }
        return known.get()
                .receipt()
                .map(receipt ->
                        CoapResponse.content(ContentFormat.COSE_SIGN1, receipt).withMaxAge(Cacheable.CURRENT_SECONDS))
                .or(() -> known.get().reason().map(reason -> Problems.of("provisional-refused", reason)))
                .orElseGet(() -> receipt(replica, id));
    }

    private CoapResponse receipt(Replica replica, Digest id) {
        Optional<Head> head = replica.heads().newest();
        if (head.isEmpty()) {
            return Problems.of("not-ready");
        }
        Optional<TransactionLocation> location = head.get().state().applied(id);
        if (location.isEmpty()) {
            boolean soon = replica.state().flatMap(state -> state.applied(id)).isPresent();
            return Problems.of(soon ? "not-ready" : "unknown-transaction");
        }
        try {
            Block block = Block.decode(replica.block(location.get().height()).orElseThrow());
            SignedCheckpoint checkpoint = SignedCheckpoint.decode(head.get().checkpoint());
            Bytes receipt = Receipt.make(block, location.get(), replica.history(), checkpoint);
            return CoapResponse.content(ContentFormat.CBOR, receipt);
        } catch (MalformedBlockException | MalformedCheckpointException e) {
            throw new IllegalStateException("this replica verified them itself", e);
        }
    }

    private CompletionStage<CoapResponse> check(CoapRequest request) {
        Bytes transaction = request.payload();
        SignedTransaction signed;
        try {
            signed = SignedTransaction.decode(transaction);
        } catch (MalformedTransactionException e) {
            return answer(Problems.of("malformed"));
        }
        if (request.peer().handle() instanceof VoucherHolder holder) {
            return enrolment(request, holder, signed)
                    .map(replica -> check(replica, transaction, signed))
                    .orElseGet(() -> answer(Problems.of("not-allowed")));
        }
        Optional<Replica> replica = asked.replica(request);
        if (replica.isPresent()) {
            return check(replica.get(), transaction, signed);
        }
        return asked.sibling(request)
                .map(sibling -> siblings.transaction(transaction, signed, sibling))
                .orElseGet(() -> answer(Problems.of("unknown-chain")));
    }

    /**
     * The chain to join, for who came with a pre-shared key: that is good for a join by this voucher, or for this very join
     * of a batch, and for nothing else. The join itself tells the chain, so that nothing need name it.
     */
    private Optional<Replica> enrolment(CoapRequest request, VoucherHolder holder, SignedTransaction signed) {
        if (!(signed.transaction() instanceof Join join)) {
            return Optional.empty();
        }
        if (join.voucher().isPresent()) {
            Voucher voucher = join.voucher().get();
            return Optional.of(voucher)
                    .filter(shown -> shown.id().equals(holder.voucherId()))
                    .flatMap(shown -> asked.served(shown.chain()).or(() -> asked.replica(request)));
        }
        return signed.batch()
                .flatMap(place -> asked.served().stream()
                        .filter(replica -> JoinTicket.enrolmentId(signed.id(replica.chain()))
                                .equals(holder.voucherId()))
                        .findFirst());
    }

    private CompletionStage<CoapResponse> check(Replica replica, Bytes transaction, SignedTransaction signed) {
        Optional<ChainState> state = replica.state();
        if (state.isEmpty()) {
            return answer(Problems.of("not-ready"));
        }
        boolean waits = provisionals
                .book()
                .byId(signed.id(replica.chain()))
                .filter(known -> known.waitsAs(transaction))
                .isPresent();
        if (waits) {
            // What became true since then, such as the end of the voucher's time, is for the chain to say.
            return forward(replica, transaction, signed);
        }
        Outcome outcome = Admission.check(state.get(), transaction, clock.millis(), verifier);
        if (outcome instanceof Outcome.Refused refused) {
            return answer(Problems.of(refused.reason().code()));
        }
        return forward(replica, transaction, signed);
    }

    private CompletionStage<CoapResponse> forward(Replica replica, Bytes transaction, SignedTransaction signed) {
        return forwarders
                .apply(replica.chain())
                .submit(transaction)
                .thenCompose(answered -> answered(replica, answered, signed.id(replica.chain())))
                .exceptionallyCompose(failure -> cause(failure) instanceof IOException away && isAway(away)
                        ? provisional(replica, signed)
                        : CompletableFuture.failedFuture(failure));
    }

    /** Whether the cloud could not be asked, other than that it answered something else. */
    private static boolean isAway(IOException failure) {
        return !(failure instanceof CloudFaultException)
                && !(failure instanceof CloudException answered && answered.isRefusal());
    }

    private CompletionStage<CoapResponse> provisional(Replica replica, SignedTransaction signed) {
        return provisionals.take(replica, signed).thenApply(verdict -> {
            if (verdict instanceof ProvisionalDesk.Verdict.Taken taken) {
                String path = "/t/" + signed.id(replica.chain()).toHex();
                return CoapResponse.created(path, ContentFormat.COSE_SIGN1, taken.receipt());
            }
            return verdict instanceof ProvisionalDesk.Verdict.Refused refused
                    ? Problems.of(refused.code())
                    : Problems.of("cloud-away");
        });
    }

    private CompletionStage<CoapResponse> answered(Replica replica, TransactionAnswer answered, Digest id) {
        if (answered instanceof TransactionAnswer.Rejected rejected) {
            return answer(Problems.of(rejected.code(), rejected.detail()));
        }
        TransactionAnswer.Accepted accepted = (TransactionAnswer.Accepted) answered;
        if (!accepted.transactionId().equals(id)) {
            return answer(Problems.of("cloud-fault"));
        }
        return replica.awaitApplied(id)
                .orTimeout(longestWait.toMillis(), TimeUnit.MILLISECONDS)
                .thenApplyAsync(
                        done -> CoapResponse.created("/t/" + id.toHex(), ContentFormat.CBOR, accepted.receipt()),
                        workers);
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static CoapResponse failure(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof IOException || cause instanceof TimeoutException
                ? Problems.of("cloud-away")
                : Problems.ofFailure(cause);
    }
}
