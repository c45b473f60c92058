package dev.latchkey.cloud;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.api.MailboxLog;
import dev.latchkey.cloud.api.Streams;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.TransactionQueue;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does now and then. On the timer's thread. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Renews checkpoints that grow old and seals idle chains. */
    private static final Duration CHAINS_EVERY = Duration.ofSeconds(1);

    /** Wakes the streams: quiet ones send a sign of life at least every 10 s, all end where nobody leads. */
    private static final Duration STREAMS_EVERY = Duration.ofSeconds(2);

    /** Ends the retention of messages and gives back the space of those that are gone. */
    private static final Duration MAILBOXES_EVERY = Duration.ofMinutes(1);

    private final Clock clock;
    private final ChainsMachine chains;
    private final Function<OrderedChain, TransactionQueue> queues;
    private final Streams streams;
    private final MailboxLog mailboxes;
    private final Predicate<OrderedChain> leads;
    private final BooleanSupplier led;
    private final Executor keeper;
    private final AtomicBoolean keeping = new AtomicBoolean();

    private Housekeeping(
            Clock clock,
            ChainsMachine chains,
            Function<OrderedChain, TransactionQueue> queues,
            Streams streams,
            MailboxLog mailboxes,
            Executor keeper,
            Predicate<OrderedChain> leads,
            BooleanSupplier led) {
        this.led = led;
        this.keeper = keeper;
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
            Executor keeper,
            Predicate<OrderedChain> leads,
            BooleanSupplier led) {
        Housekeeping house = new Housekeeping(clock, chains, queues, streams, mailboxes, keeper, leads, led);
        house.every(timer, CHAINS_EVERY, house::chains);
        house.every(timer, STREAMS_EVERY, house::streams);
        house.every(timer, MAILBOXES_EVERY, house::mailboxes);
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
        streams.tick(led.getAsBoolean());
        chains.chains().forEach(chain -> chain.bell().ring());
    }

    /** Not on the timer's thread, as it takes its time; one after the other. */
    private void mailboxes() {
        if (keeping.compareAndSet(false, true)) {
            try {
                keeper.execute(this::upkeep);
            } catch (RuntimeException e) {
                keeping.set(false);
                throw e;
            }
        }
    }

    private void upkeep() {
        try {
            Retention retention = Retention.of(chains);
            long now = clock.millis();
            mailboxes
                    .upkeep(network -> now - retention.of(network), now - retention.longest(), now)
                    .whenComplete((done, fault) -> {
                        if (fault != null) {
                            LOG.warn("the end of messages' retention was not proposed; it is tried again", fault);
                        }
                    });
        } catch (RuntimeException e) {
            LOG.warn("the mailboxes were not looked after; it is tried again", e);
        } finally {
            keeping.set(false);
        }
    }

    /** How long each chain's policy has messages kept, in milliseconds; the longest counts where no chain is known. */
    private record Retention(Map<Digest, Long> byNetwork, long longest) {
        static Retention of(ChainsMachine chains) {
            Map<Digest, Long> byNetwork = new HashMap<>();
            for (OrderedChain chain : chains.chains()) {
                long hours = chain.applied().policy().limits().retentionHours();
                byNetwork.put(chain.id().digest(), TimeUnit.HOURS.toMillis(hours));
            }
            long longest = byNetwork.values().stream()
                    .mapToLong(millis -> millis)
                    .max()
                    .orElse(Long.MAX_VALUE / 2);
            return new Retention(byNetwork, longest);
        }

        long of(Digest network) {
            return byNetwork.getOrDefault(network, longest);
        }
    }
}
