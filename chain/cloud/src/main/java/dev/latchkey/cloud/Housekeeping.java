package dev.latchkey.cloud;

import dev.latchkey.cloud.api.MailboxLog;
import dev.latchkey.cloud.api.Streams;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.TransactionQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does now and then. On the timer's thread. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Renews checkpoints that grow old and seals idle chains. */
    private static final Duration CHAINS_EVERY = Duration.ofSeconds(1);

    /** Wakes the streams, so that quiet ones send a sign of life at least every 10 s. */
    private static final Duration STREAMS_EVERY = Duration.ofSeconds(4);

    /** Ends the retention of messages. */
    private static final Duration EXPIRY_EVERY = Duration.ofMinutes(10);

    private final Clock clock;
    private final ChainsMachine chains;
    private final Function<OrderedChain, TransactionQueue> queues;
    private final Streams streams;
    private final MailboxLog mailboxes;
    private final Predicate<OrderedChain> leads;

    private Housekeeping(
            Clock clock,
            ChainsMachine chains,
            Function<OrderedChain, TransactionQueue> queues,
            Streams streams,
            MailboxLog mailboxes,
            Predicate<OrderedChain> leads) {
        this.leads = leads;
        this.clock = clock;
        this.chains = chains;
        this.queues = queues;
        this.streams = streams;
        this.mailboxes = mailboxes;
    }

    static void start(
            ScheduledExecutorService timer,
            Clock clock,
            ChainsMachine chains,
            Function<OrderedChain, TransactionQueue> queues,
            Streams streams,
            MailboxLog mailboxes,
            Predicate<OrderedChain> leads) {
        Housekeeping house = new Housekeeping(clock, chains, queues, streams, mailboxes, leads);
        house.every(timer, CHAINS_EVERY, house::chains);
        house.every(timer, STREAMS_EVERY, house::streams);
        house.every(timer, EXPIRY_EVERY, house::expiry);
    }

    private void every(ScheduledExecutorService timer, Duration period, Runnable task) {
        Runnable safe = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("housekeeping failed; it is tried again", e);
            }
        };
        timer.scheduleWithFixedDelay(safe, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void chains() {
        for (OrderedChain chain : chains.chains()) {
            chain.line().wake();
            if (leads.test(chain)) {
                queues.apply(chain).tick();
            }
        }
    }

    private void streams() {
        chains.chains().forEach(chain -> chain.bell().ring());
        streams.tick();
    }

    /** The longest retention of all chains counts, since a mailbox does not know its chain. */
    private void expiry() {
        long hours = chains.chains().stream()
                .mapToLong(chain -> chain.applied().policy().limits().retentionHours())
                .max()
                .orElse(Long.MAX_VALUE);
        long now = clock.millis();
        if (mailboxes.isLed() && hours <= TimeUnit.MILLISECONDS.toHours(now)) {
            mailboxes.expire(now - TimeUnit.HOURS.toMillis(hours));
        }
    }
}
