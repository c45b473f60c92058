package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tells the cloud which messages its mailboxes may forget; runs a thread of its own. */
public final class MailboxAcknowledger implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Function<ChainId, CloudClient> clouds;
    private final Inbox inbox;
    private final TicketBook tickets;
    private final Loop loop;

    /**
     * Makes an acknowledger.
     *
     * @param clouds whom to tell, for each served chain
     */
    public MailboxAcknowledger(
            Function<ChainId, CloudClient> clouds, Inbox inbox, TicketBook tickets, CloudTiming timing) {
        this.clouds = clouds;
        this.inbox = inbox;
        this.tickets = tickets;
        this.loop = new Loop("mailbox-acknowledger", this::turn, timing, reason -> {});
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void turn() throws IOException, InterruptedException {
        Bell release = inbox.release();
        long heard = release.rings();
        Optional<CloudException> refusal = Optional.empty();
        for (Map.Entry<Bytes, Long> untold : inbox.untold().entrySet()) {
            try {
                tell(untold.getKey(), untold.getValue());
            } catch (CloudException e) {
                // One member's ticket may be refused; the others need not wait for that.
                refusal = Optional.of(e);
            }
        }
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        release.await(heard, IDLE);
    }

    private void tell(Bytes member, long upTo) throws IOException, InterruptedException {
        Optional<TicketBook.Served> served = tickets.served(member);
        if (served.isPresent()) {
            CloudClient cloud = clouds.apply(served.get().chain());
            cloud.establish();
            cloud.acknowledge(served.get().record().name(), upTo, served.get().ticket());
            inbox.told(member, upTo).join();
        }
    }
}
