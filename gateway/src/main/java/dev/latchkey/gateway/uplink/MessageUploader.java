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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the outbox of a chain into the cloud, in order, one batch at a time; runs a thread of its own. A batch that was sent and
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
    /** Most messages of the next batch; used by the loop's thread only. */
    private int most;
    /** Used by the loop's thread only. */
    private Bytes epoch;
    /** Up to here the cloud has everything, though the disk may not say so yet; used by the loop's thread only. */
    private long taken;
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
    }

    private void turn() throws IOException, InterruptedException {
        long heard = outbox.arrival().rings();
        deferral.turn(replica.policy()
                .map(policy -> policy.policy().limits().retentionHours())
                .orElse(LONGEST_RETENTION_HOURS));
        List<QueuedMessage> queued = outbox.oldestAfter(taken, most, size.bytes());
        if (queued.isEmpty()) {
            awaitNoted();
            outbox.arrival().await(heard, deferral.patience(IDLE));
            return;
        }
        cloud.establish();
        MessageBatch batch = batch(queued);
        queued = queued.subList(0, batch.messages().size());
        BatchAnswer answer;
        try {
            answer = cloud.send(batch);
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
        long last = queued.get(queued.size() - 1).sequence();
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
    private MessageBatch batch(List<QueuedMessage> queued) {
        Map<String, Optional<Bytes>> shown = new HashMap<>();
        List<MessageBatch.Message> messages = new ArrayList<>();
        for (QueuedMessage one : queued) {
            OutboundMessage message = one.message();
            Optional<Bytes> ticket = replica.members()
                    .byName(message.sender())
                    .flatMap(sender -> tickets.ticketAt(replica.chain(), sender.id(), message.acceptedMillis()));
            Optional<Bytes> before = shown.putIfAbsent(message.sender(), ticket);
            if (before != null && !before.equals(ticket)) {
                break;
            }
            messages.add(onTheWire(one.sequence(), message));
        }
        List<Bytes> all = shown.values().stream().flatMap(Optional::stream).toList();
        return new MessageBatch(epoch, all, messages);
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
