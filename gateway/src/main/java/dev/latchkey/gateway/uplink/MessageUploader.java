package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.outbox.OutboundMessage;
import dev.latchkey.gateway.outbox.Outbox;
import dev.latchkey.gateway.outbox.QueuedMessage;
import dev.latchkey.gateway.outbox.Recipient;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the outbox of a chain into the cloud, in order, one batch at a time; runs a thread of its own, and when much waits a
 * second one that reads and encodes the batch behind the one on its way. A batch that was sent and
 * not acknowledged is sent again from the disk; the cloud knows each message by store epoch and sequence.
 *
 * <p>A batch that the cloud will never take is halved until the one message is found that it does not take; that one is set
 * aside, so that no message can hold up those behind it. One that it refuses for now, because a quota is used up, is set
 * aside too and goes up again later, more and more seldom while nothing of it is taken, until its retention has ended.
 */
public final class MessageUploader implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    /** While the policy is not known yet. */
    private static final long LONGEST_RETENTION_HOURS = 365 * 24;

    private static final String FOREIGN_SEQUENCE = "foreign-sequence";
    private static final String SEQUENCE_REUSED = "sequence-reused";
    private static final Logger LOG = LoggerFactory.getLogger(MessageUploader.class);

    private final Replica replica;
    private final CloudClient cloud;
    private final Outbox outbox;
    private final TicketBook tickets;
    private final Supplier<Bytes> newEpoch;
    private final Deferral deferral;
    private final BatchSize size;
    private final Loop loop;
    private final ExecutorService preparing = Executors.newSingleThreadExecutor(MessageUploader::preparer);
    /** Most messages of the next batch; used by the loop's thread only. */
    private int most;
    /** Used by the loop's thread only. */
    private Bytes epoch;
    /** Up to here the cloud has everything, though the disk may not say so yet; used by the loop's thread only. */
    private long taken;
    /** The batch behind the one that is on its way, or null; used by the loop's thread only. */
    private CompletableFuture<Prepared> ahead;
    /** The last note of it on its way to the disk; used by the loop's thread only. */
    private CompletableFuture<Void> noted = CompletableFuture.completedFuture(null);

    /**
     * Makes an uploader.
     *
     * @param replica the chain whose messages it sends
     * @param epoch the chain's store epoch
     * @param newEpoch makes another one, where the cloud says that the sequences of this one are taken
     */
    public MessageUploader(
            Replica replica,
            CloudClient cloud,
            Outbox outbox,
            TicketBook tickets,
            Bytes epoch,
            Supplier<Bytes> newEpoch,
            BatchSize size,
            CloudTiming timing) {
        this.replica = replica;
        this.cloud = cloud;
        this.outbox = outbox;
        this.tickets = tickets;
        this.epoch = epoch;
        this.newEpoch = newEpoch;
        this.deferral = new Deferral(outbox, timing);
        this.size = size;
        this.most = size.messages();
        this.loop = new Loop("message-uploader", this::turn, timing, reason -> {});
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        // It reads the store, which is closed after this.
        preparing.shutdown();
        boolean interrupted = false;
        while (!preparing.isTerminated()) {
            try {
                preparing.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread preparer(Runnable task) {
        Thread thread = new Thread(task, "message-preparer");
        thread.setDaemon(true);
        return thread;
    }

    private void turn() throws IOException, InterruptedException {
        long heard = outbox.arrival().rings();
        deferral.turn(replica.policy()
                .map(policy -> policy.policy().limits().retentionHours())
                .orElse(LONGEST_RETENTION_HOURS));
        Prepared now = next();
        if (now.queued().isEmpty()) {
            awaitNoted();
            outbox.arrival().await(heard, deferral.patience(IDLE));
            return;
        }
        cloud.establish();
        List<QueuedMessage> queued = now.queued();
        if (now.full()) {
            long last = now.last();
            int room = most;
            Bytes under = epoch;
            ahead = CompletableFuture.supplyAsync(() -> prepare(under, last, room), preparing);
        }
        BatchAnswer answer;
        try {
            answer = cloud.send(now.encoded());
        } catch (CloudException e) {
            if (!e.isForGood()) {
                throw e;
            }
            if (e.code().equals(FOREIGN_SEQUENCE)) {
                throw begunAnew(e.code());
            }
            narrowDown(queued, e);
            return;
        }
        most = Math.min(size.messages(), 2 * most);
        long first = queued.get(0).sequence();
        long last = now.last();
        long acknowledged = Math.min(answer.acknowledgedUpTo(), last);
        if (acknowledged < first) {
            throw new IOException("the cloud took none of a batch");
        }
        Map<Long, String> refused = new LinkedHashMap<>();
        for (BatchAnswer.Refused one : answer.refused()) {
            if (one.code().equals(SEQUENCE_REUSED)) {
                throw begunAnew(one.code());
            }
            refused.put(one.sequence(), one.code());
            LOG.atWarn()
                    .addKeyValue("sequence", one.sequence())
                    .addKeyValue("code", one.code())
                    .addKeyValue("detail", one.detail())
                    .log("the cloud refused a message; it is set aside");
        }
        note(acknowledged, refused);
    }

    /** Sequences that somebody else used, or this store before it was set back: nothing was stored, all goes up again. */
    private IOException begunAnew(String code) {
        epoch = newEpoch.get();
        LOG.atError().addKeyValue("code", code).log("this store's sequences are taken at the cloud; they begin anew");
        return new IOException("the cloud does not take this store's sequences");
    }

    /** What was prepared while the batch before it was on its way, if it still follows, or else what is on disk now. */
    private Prepared next() throws InterruptedException {
        CompletableFuture<Prepared> prepared = ahead;
        ahead = null;
        if (prepared != null) {
            try {
                Prepared early = prepared.get();
                // Behind less than a full batch more may have come since.
                if (early.after() == taken && early.full() && early.epoch().equals(epoch)) {
                    return early;
                }
            } catch (ExecutionException e) {
                LOG.debug("a batch could not be prepared ahead", e);
            }
        }
        return prepare(epoch, taken, most);
    }

    private Prepared prepare(Bytes under, long after, int room) {
        List<QueuedMessage> queued = outbox.oldestAfter(after, room, size.bytes());
        MessageBatch batch = batch(under, queued);
        boolean full = queued.size() == room || batch.messages().size() < queued.size();
        return new Prepared(after, queued.subList(0, batch.messages().size()), under, batch.encode(), full);
    }

    /**
     * The next batch.
     *
     * @param after the sequence behind which it begins
     * @param queued what is in it, in order
     * @param epoch the epoch that its sequences are of
     * @param encoded the {@link MessageBatch}
     * @param full whether more waits for certain, or it holds as many messages as it may
     */
    private record Prepared(long after, List<QueuedMessage> queued, Bytes epoch, Bytes encoded, boolean full) {
        long last() {
            return queued.get(queued.size() - 1).sequence();
        }
    }

    private void narrowDown(List<QueuedMessage> queued, CloudException why) throws IOException {
        if (queued.size() > 1) {
            most = queued.size() / 2;
            return;
        }
        long sequence = queued.get(0).sequence();
        String code = why.code().isEmpty() ? "malformed" : why.code();
        LOG.atWarn()
                .addKeyValue("sequence", sequence)
                .addKeyValue("status", why.status())
                .addKeyValue("code", code)
                .log("the cloud cannot read a message; it is set aside");
        note(sequence, Map.of(sequence, code));
    }

    /** The next batch goes up while this is written; of those notes only one is on its way. */
    private void note(long upTo, Map<Long, String> refused) throws IOException {
        awaitNoted();
        noted = outbox.acknowledge(upTo, refused);
        taken = upTo;
    }

    private void awaitNoted() throws IOException {
        try {
            noted.join();
        } catch (CompletionException e) {
            // The queue of the store may be full: what the cloud has goes up again, and it knows it.
            noted = CompletableFuture.completedFuture(null);
            taken = 0;
            throw new IOException("what the cloud has could not be noted", e);
        }
    }

    /** As many of the messages as the cloud takes with one ticket of each sender: after days without it there may be two. */
    private MessageBatch batch(Bytes under, List<QueuedMessage> queued) {
        Map<String, Optional<MemberRecord>> senders = new HashMap<>();
        Map<String, Optional<Bytes>> shown = new HashMap<>();
        List<MessageBatch.Message> messages = new ArrayList<>();
        for (QueuedMessage one : queued) {
            OutboundMessage message = one.message();
            Optional<Bytes> ticket = senders.computeIfAbsent(
                            message.sender(), name -> replica.members().byName(name))
                    .flatMap(sender -> tickets.ticketAt(replica.chain(), sender.id(), message.acceptedMillis()));
            Optional<Bytes> before = shown.putIfAbsent(message.sender(), ticket);
            if (before != null && !before.equals(ticket)) {
                break;
            }
            messages.add(onTheWire(one.sequence(), message));
        }
        List<Bytes> all = shown.values().stream().flatMap(Optional::stream).toList();
        return new MessageBatch(under, all, messages);
    }

    private static MessageBatch.Message onTheWire(long sequence, OutboundMessage message) {
        List<String> names = new ArrayList<>();
        List<MessageBatch.Abroad> abroad = new ArrayList<>();
        for (Recipient recipient : message.recipients()) {
            if (recipient.otherChain().isPresent()) {
                abroad.add(new MessageBatch.Abroad(recipient.otherChain().get(), recipient.name()));
            } else {
                names.add(recipient.name());
            }
        }
        return new MessageBatch.Message(
                sequence,
                message.sender(),
                message.session(),
                message.height(),
                message.acceptedMillis(),
                message.contentFormat(),
                message.message(),
                names,
                abroad);
    }

    /**
     * How much goes into one batch.
     *
     * @param messages most messages
     * @param bytes most bytes of messages
     */
    public record BatchSize(int messages, int bytes) {}
}
