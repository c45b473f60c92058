package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.sibling.SiblingChain;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.uplink.CloudException;
import dev.latchkey.gateway.uplink.CloudFaultException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * /g, /h, /k, /b, /c and POST /t about a chain that is not served here but named as a sibling: the cloud is asked, and what
 * it says is checked before it is answered. Stateless beside what {@link SiblingChains} keeps.
 */
final class SiblingResources {
    /** What the cloud may say that a device should hear as it is. */
    private static final Set<String> PASSED_ON = Set.of("unknown-name", "unknown-height", "stale-height");

    /** Transactions on their way at one time: a block of a sibling may take long, and who only asks does not wait for it. */
    private static final int MAX_POSTING = 2;

    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final Logger LOG = LoggerFactory.getLogger(SiblingResources.class);

    private final SiblingChains siblings;
    private final Executor asking;
    private final Semaphore posting = new Semaphore(MAX_POSTING);

    /**
     * Makes the resources.
     *
     * @param asking runs what waits for the cloud; refuses what it has no room for
     */
    SiblingResources(SiblingChains siblings, Executor asking) {
        this.siblings = siblings;
        this.asking = asking;
    }

    /** Asks the cloud. */
    @FunctionalInterface
    private interface Question {
        CoapResponse ask(SiblingChain chain) throws IOException, InterruptedException;
    }

    /** GET /g?from=. */
    CompletionStage<CoapResponse> policies(CoapRequest request, Policy.Sibling sibling) {
        OptionalLong from = Parameters.number(request, "from", 0);
        if (from.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        return asked(sibling, chain -> {
            List<Bytes> transactions = chain.policyTransactions((int) Math.min(from.getAsLong(), Integer.MAX_VALUE));
            Bytes sequence =
                    Cbor.encodeSequence(transactions.stream().map(Cbor::bytes).toList());
            return Cacheable.of(ContentFormat.CBOR_SEQUENCE, sequence, Cacheable.CHECKPOINT_SECONDS);
        });
    }

    /** GET /h. */
    CompletionStage<CoapResponse> checkpoint(CoapRequest request, Policy.Sibling sibling) {
        return asked(
                sibling,
                chain -> Cacheable.of(
                        ContentFormat.COSE_SIGN, chain.checkpoint().encode(), Cacheable.CHECKPOINT_SECONDS));
    }

    /** GET /k/{name}: the record; with p=1 and h= what proves it, or that there is none; with v=1 its history. */
    CompletionStage<CoapResponse> key(CoapRequest request, Policy.Sibling sibling) {
        String name = request.variable("name");
        if (!Names.isValid(name)) {
            return answer(Problems.of("bad-name"));
        }
        boolean history = isOne(request, "v");
        if (!history && !isOne(request, "p")) {
            return asked(
                    sibling,
                    chain -> chain.record(name)
                            .map(MemberRecord::encode)
                            .map(record -> Cacheable.of(ContentFormat.CBOR, record, Cacheable.CURRENT_SECONDS))
                            .orElseGet(() -> Problems.of("unknown-name")));
        }
        return asked(sibling, chain -> {
            Optional<VerifiedCheckpoint> under = held(request, "h", chain);
            if (under.isEmpty()) {
                return Problems.of("stale-height");
            }
            return Cacheable.proof(request, history ? chain.history(under.get(), name) : chain.key(under.get(), name));
        });
    }

    /** FETCH /k?h=: several records or nulls with one proof. */
    CompletionStage<CoapResponse> keys(CoapRequest request, Policy.Sibling sibling) {
        return KeyResources.asked(
                request,
                names -> asked(sibling, chain -> {
                    Optional<VerifiedCheckpoint> under = held(request, "h", chain);
                    return under.isEmpty()
                            ? Problems.of("stale-height")
                            : Cacheable.proof(request, chain.keys(under.get(), names));
                }),
                Access::answer);
    }

    /** GET /b/{height}?p=1&h=: header and path. Raw blocks are for members of that chain with a role, and so not here. */
    CompletionStage<CoapResponse> block(CoapRequest request, Policy.Sibling sibling) {
        OptionalLong height = Parameters.number(request.variable("height"));
        if (height.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        if (!isOne(request, "p")) {
            return answer(Problems.of("not-allowed"));
        }
        return asked(sibling, chain -> {
            Optional<VerifiedCheckpoint> under = held(request, "h", chain);
            if (under.isEmpty()) {
                return Problems.of("stale-height");
            }
            return height.getAsLong() > under.get().checkpoint().height()
                    ? Problems.of("unknown-height")
                    : Cacheable.proof(request, chain.header(under.get(), height.getAsLong()));
        });
    }

    /** GET /c?a=&b=: between two checkpoints that were handed out here. */
    CompletionStage<CoapResponse> consistency(CoapRequest request, Policy.Sibling sibling) {
        return asked(sibling, chain -> {
            Optional<VerifiedCheckpoint> newer = held(request, "b", chain);
            Optional<VerifiedCheckpoint> older =
                    request.parameter("a").isPresent() ? held(request, "a", chain) : Optional.empty();
            if (older.isEmpty() || newer.isEmpty()) {
                return Problems.of("stale-height");
            }
            return older.get().checkpoint().height() > newer.get().checkpoint().height()
                    ? Problems.of("malformed")
                    : Cacheable.of(
                            ContentFormat.CBOR, chain.consistency(older.get(), newer.get()), Cacheable.CURRENT_SECONDS);
        });
    }

    /** POST /t: hands a transaction on; 2.01 with a receipt that this gateway has checked. */
    CompletionStage<CoapResponse> transaction(Bytes encoded, SignedTransaction signed, Policy.Sibling sibling) {
        return asked(sibling, chain -> {
            if (!posting.tryAcquire()) {
                return Problems.of("overloaded");
            }
            TransactionAnswer answered;
            try {
                answered = chain.submit(encoded, signed);
            } finally {
                posting.release();
            }
            if (answered instanceof TransactionAnswer.Rejected rejected) {
                return Problems.of(rejected.code(), rejected.detail());
            }
            TransactionAnswer.Accepted accepted = (TransactionAnswer.Accepted) answered;
            return CoapResponse.created(
                    "/t/" + accepted.transactionId().toHex(), ContentFormat.CBOR, accepted.receipt());
        });
    }

    private CompletionStage<CoapResponse> asked(Policy.Sibling sibling, Question question) {
        try {
            return CompletableFuture.supplyAsync(() -> ask(sibling, question), asking);
        } catch (RejectedExecutionException e) {
            return answer(Problems.of("overloaded"));
        }
    }

    private CoapResponse ask(Policy.Sibling sibling, Question question) {
        try {
            return question.ask(siblings.of(sibling));
        } catch (CloudException e) {
            if (e.status() == NOT_FOUND && PASSED_ON.contains(e.code())) {
                return Problems.of(e.code());
            }
            return Problems.of(e.status() >= SERVER_ERROR ? "cloud-away" : "cloud-fault");
        } catch (CloudFaultException e) {
            LOG.atError()
                    .addKeyValue("chain", sibling.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("what the cloud says of a sibling does not verify");
            return Problems.of("cloud-fault");
        } catch (IOException e) {
            return Problems.of("cloud-away");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problems.of("cloud-away");
        }
    }

    /** The checkpoint of the height that the caller names, or the newest; empty if it was not handed out here. */
    private static Optional<VerifiedCheckpoint> held(CoapRequest request, String parameter, SiblingChain chain)
            throws IOException, InterruptedException {
        Optional<String> named = request.parameter(parameter);
        if (named.isEmpty()) {
            return Optional.of(chain.checkpoint());
        }
        OptionalLong height = Parameters.number(named.get());
        return height.isPresent() ? chain.at(height.getAsLong()) : Optional.empty();
    }

    private static boolean isOne(CoapRequest request, String parameter) {
        return request.parameter(parameter).filter("1"::equals).isPresent();
    }
}
