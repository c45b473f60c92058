package dev.latchkey.gateway.job;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.identity.OwnKeys;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Gives the gateway new keys on every chain that it serves. They are on disk before a chain hears of them, and in use only
 * when each chain's handed out checkpoint proves them. Whatever ends the work in between, it is done again from the
 * beginning with the same keys, and the verified chain tells how far it had come.
 *
 * <p>The sig key stays where a policy names it as a witness's, since only the operators can name another, and where the chain
 * holds a commitment to the next one, which the operators keep.
 */
public final class Rotate implements JobWork {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** Between questions to a cloud that is away. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);

    /** For one answer, and for the replica while there are no new keys yet; with them the job waits until it is cancelled. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** One served chain, and how a transaction gets to it. */
    public record Chain(
            String name,
            Replica replica,
            CloudClient cloud,
            Function<Bytes, CompletableFuture<TransactionAnswer>> submit) {
        private Optional<ChainState> state() {
            return replica.state();
        }
    }

    /** How far a chain has come. */
    private enum Stage {
        WAITING("waiting"),
        SUBMITTED("submitted"),
        IN_FORCE("in force");

        private final String text;

        Stage(String text) {
            this.text = text;
        }
    }

    private final Supplier<List<Chain>> chains;
    private final OwnKeys keys;
    private final Runnable prepared;
    private final Runnable decided;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes the work.
     *
     * @param prepared called when there are next keys, which the cloud may know from then on, or no next ones any more
     * @param decided called when the keys in use have changed
     */
    public Rotate(Supplier<List<Chain>> chains, OwnKeys keys, Runnable prepared, Runnable decided) {
        this.chains = chains;
        this.keys = keys;
        this.prepared = prepared;
        this.decided = decided;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException, InterruptedException {
        return new Run(progress).run();
    }

    /** One attempt; for the job's thread. */
    private final class Run {
        private final Progress progress;
        private final List<Chain> served = new ArrayList<>();
        private final List<Stage> stages = new ArrayList<>();
        private final List<String> without = new ArrayList<>();

        /** Whether no chain can have heard of the next keys. */
        private boolean unheard;

        Run(Progress progress) {
            this.progress = progress;
        }

        String run() throws IOException, JobCancelledException, InterruptedException {
            for (Chain chain : chains.get()) {
                progress.check();
                progress.message("asking the cloud about " + chain.name());
                catchUp(chain);
                if (own(chain).filter(Rotate::isGateway).isPresent()) {
                    served.add(chain);
                    stages.add(Stage.WAITING);
                } else {
                    without.add(chain.name());
                }
            }
            if (served.isEmpty()) {
                throw new IOException("this gateway is an active gateway of no chain");
            }
            progress.total(served.size());
            Identity next = keys.next().isPresent() ? keys.next().get() : made();
            for (int i = 0; i < served.size(); i++) {
                checkUnlessHeard();
                bring(i, next);
            }
            for (int i = 0; i < served.size(); i++) {
                awaitProof(i, next);
            }
            try {
                keys.decide();
            } finally {
                // What fails after the decision is finished by the next start.
                if (keys.next().isEmpty()) {
                    decided.run();
                }
            }
            return result();
        }

        /** Who is cancelled in time leaves nothing behind; later the same keys go on with the next run or start. */
        private void checkUnlessHeard() throws IOException, JobCancelledException {
            try {
                progress.check();
            } catch (JobCancelledException e) {
                forget();
                throw e;
            }
        }

        private boolean forget() throws IOException {
            if (unheard) {
                keys.drop();
                prepared.run();
            }
            return unheard;
        }

        private Identity made() throws IOException {
            Identity current = keys.current();
            boolean withSig = true;
            for (Chain chain : served) {
                MemberRecord own = own(chain).orElseThrow();
                if (!own.keys().equals(current.keys())) {
                    throw new IOException(chain.name() + " has other keys of this gateway than its key files hold");
                }
                withSig &= own.nextKey().isEmpty() && !isWitness(chain, current);
            }
            Identity made = keys.prepare(withSig, random);
            unheard = true;
            prepared.run();
            return made;
        }

        /** Has one chain take the keys, unless it has them. */
        private void bring(int index, Identity next) throws IOException, JobCancelledException, InterruptedException {
            Chain chain = served.get(index);
            while (true) {
                MemberRecord own = own(chain).orElseThrow();
                if (own.keys().equals(next.keys())) {
                    stage(index, Stage.SUBMITTED);
                    return;
                }
                if (!own.keys().equals(keys.current().keys())) {
                    throw new IOException(chain.name() + " has other keys of this gateway than its key files hold");
                }
                try {
                    Optional<String> refusal = refusal(chain, transaction(chain, own, next));
                    if (refusal.isEmpty()) {
                        unheard = false;
                        stage(index, Stage.SUBMITTED);
                        return;
                    }
                    // An earlier submission, whose answer was lost, may be what this one was refused for.
                    catchUp(chain);
                    if (!own(chain).orElseThrow().keys().equals(next.keys())) {
                        throw refused(chain, refusal.get());
                    }
                } catch (CloudSilent e) {
                    unheard = false;
                    progress.message(chain.name() + ": waiting for the cloud");
                    progress.pause(BETWEEN_QUESTIONS);
                    catchUp(chain);
                }
            }
        }

        /** Keys that no chain can have are forgotten. */
        private IOException refused(Chain by, String code) throws IOException {
            String text = by.name() + " refused the new keys: " + code;
            return new IOException(
                    forget()
                            ? text + "; the keys stay as they were"
                            : text + "; another chain may have them: run it again when that is mended");
        }

        /** Until devices can be shown by a checkpoint that the keys are the gateway's. */
        private void awaitProof(int index, Identity next)
                throws IOException, JobCancelledException, InterruptedException {
            Chain chain = served.get(index);
            while (!isProved(chain, next)) {
                if (chain.replica().fault().isPresent()) {
                    throw new IOException(chain.name() + ": what the cloud sent does not verify");
                }
                progress.pause(BETWEEN_LOOKS);
            }
            stage(index, Stage.IN_FORCE);
            progress.done(index + 1L);
        }

        private void stage(int index, Stage stage) {
            stages.set(index, stage);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < served.size(); i++) {
                texts.add(served.get(i).name() + ": " + stages.get(i).text);
            }
            progress.message(String.join(", ", texts));
        }

        /** Waits until the replica has verified what the cloud has now. */
        private void catchUp(Chain chain) throws IOException, JobCancelledException, InterruptedException {
            long until = System.nanoTime() + LONGEST.toNanos();
            long height = newest(chain);
            while (chain.state().map(ChainState::height).orElse(-1L) < height) {
                boolean late = keys.next().isEmpty() && System.nanoTime() > until;
                if (late || chain.replica().fault().isPresent()) {
                    throw new IOException(chain.name() + " is not verified up to what the cloud has");
                }
                progress.pause(BETWEEN_LOOKS);
            }
        }

        /** The cloud may know the next keys alone: it is asked again when it refuses. */
        private long newest(Chain chain) throws IOException, JobCancelledException, InterruptedException {
            while (true) {
                try {
                    chain.cloud().establish();
                    return SignedCheckpoint.decode(chain.cloud().checkpoint())
                            .checkpoint()
                            .height();
                } catch (MalformedCheckpointException e) {
                    throw new IOException(chain.name() + ": the cloud's checkpoint is malformed", e);
                } catch (IOException e) {
                    if (keys.next().isEmpty()) {
                        throw new IOException(chain.name() + ": the cloud cannot be asked: " + e.getMessage(), e);
                    }
                    progress.message(chain.name() + ": waiting for the cloud");
                    progress.pause(BETWEEN_QUESTIONS);
                }
            }
        }

        private String result() {
            String where = served.stream().map(Chain::name).collect(Collectors.joining(", "));
            String missing = without.isEmpty() ? "" : "; no gateway of " + String.join(", ", without);
            return "new keys on " + where + missing + "; the DTLS key is now "
                    + keys.current().dtls().publicKey().encode().toHex();
        }
    }

    /** Nobody knows whether the transaction reached the chain. */
    private static final class CloudSilent extends Exception {
        private static final long serialVersionUID = 1L;

        CloudSilent(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Why the chain refuses a transaction, if it does. */
    private static Optional<String> refusal(Chain chain, Bytes transaction) throws CloudSilent, InterruptedException {
        try {
            TransactionAnswer answer = chain.submit().apply(transaction).get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            return answer instanceof TransactionAnswer.Rejected rejected
                    ? Optional.of(rejected.code())
                    : Optional.empty();
        } catch (ExecutionException e) {
            throw new CloudSilent(String.valueOf(e.getCause().getMessage()), e.getCause());
        } catch (TimeoutException e) {
            throw new CloudSilent("no answer", e);
        }
    }

    private Bytes transaction(Chain chain, MemberRecord own, Identity next) {
        Identity current = keys.current();
        boolean withSig = !next.sig().publicKey().equals(current.sig().publicKey());
        dev.latchkey.transaction.Rotate rotate = new dev.latchkey.transaction.Rotate(
                own.name(),
                own.sequence() + 1,
                withSig ? Optional.of(next.sig().publicKey()) : Optional.empty(),
                Optional.of(next.kex().publicKey()),
                Optional.of(next.dtls().publicKey()),
                own.nextKey());
        TransactionSigning signing =
                TransactionSigning.of(rotate, chain.replica().chain()).by(current.sig());
        if (withSig) {
            signing.by(next.sig());
        }
        return signing.possessedBy(next.dtls()).finish().encode();
    }

    /** The gateway's record, whichever of its keys the chain has by now. */
    private Optional<MemberRecord> own(Chain chain) {
        return chain.state()
                .flatMap(state ->
                        state.registrant(keys.current().dtls().publicKey().kid()));
    }

    private static boolean isGateway(MemberRecord own) {
        return own.isActive() && own.role() == Role.GATEWAY;
    }

    private static boolean isWitness(Chain chain, Identity current) {
        return chain.state().orElseThrow().policy().witnesses().gateways().stream()
                .anyMatch(witness -> witness.sig().equals(current.sig().publicKey()));
    }

    private static boolean isProved(Chain chain, Identity next) {
        return chain.replica()
                .heads()
                .newest()
                .flatMap(head -> head.state().registrant(next.dtls().publicKey().kid()))
                .filter(record -> record.keys().equals(next.keys()))
                .isPresent();
    }
}
