package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.admin.AdminChain;
import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.InboxListener;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.outbox.Outbox;
import dev.latchkey.gateway.outbox.OutboxSpace;
import dev.latchkey.gateway.outbox.StoreEpoch;
import dev.latchkey.gateway.replica.DamagedChain;
import dev.latchkey.gateway.replica.DamagedReplicaException;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.ReplicaListener;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.BlockFollower;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.LinkStatus;
import dev.latchkey.gateway.uplink.MailboxFollower;
import dev.latchkey.gateway.uplink.MessageUploader;
import dev.latchkey.gateway.uplink.TransactionForwarder;
import dev.latchkey.gateway.uplink.WitnessUplink;
import dev.latchkey.gateway.witness.ChainWatch;
import dev.latchkey.ledger.ChainState;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What a gateway has of each sub-network that it serves: its rows, replica, outbox, and all that talks to the cloud about
 * it. Opened first, connected when the parts that all chains share are there; safe for use by many threads from then on.
 */
final class ServedChain implements AutoCloseable {
    private final NamedChain named;
    private final GatewaySettings settings;
    private final ChainRows rows;
    private final CloudClient cloud;
    private final LinkStatus link;
    private final Replica replica;
    private final Outbox outbox;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private BlockFollower blocks;
    private TransactionForwarder forwarder;
    private MailboxFollower mailboxes;
    private ChainWatch watch;

    private ServedChain(
            NamedChain named,
            GatewaySettings settings,
            ChainRows rows,
            CloudClient cloud,
            LinkStatus link,
            Replica replica,
            Outbox outbox) {
        this.named = named;
        this.settings = settings;
        this.rows = rows;
        this.cloud = cloud;
        this.link = link;
        this.replica = replica;
        this.outbox = outbox;
        parts.push(cloud);
        parts.push(replica::close);
    }

    /**
     * Opens a chain on what the store holds of it.
     *
     * @param cloud who answers for this chain; closed with it
     * @param listener hears what the replica verifies, given the client whose trust follows from it
     * @throws IOException if the stored chain is damaged
     */
    static ServedChain open(
            NamedChain named,
            GatewaySettings settings,
            Store store,
            CloudClient cloud,
            OutboxSpace space,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            Function<CloudClient, ReplicaListener> listener)
            throws IOException {
        try {
            ChainRows rows = ChainRows.of(store, named.id().bytes());
            Opening opening = () ->
                    Replica.open(named.id(), rows, verifier, workers, clock, settings.replica(), listener.apply(cloud));
            Replica replica = opening.open(rows);
            return new ServedChain(
                    named, settings, rows, cloud, new LinkStatus(clock), replica, Outbox.open(rows, space));
        } catch (IOException | RuntimeException e) {
            cloud.close();
            throw e;
        }
    }

    /** Opens a replica, if need be once more on what is left before the damage. */
    private interface Opening {
        Replica open() throws DamagedReplicaException;

        default Replica open(ChainRows rows) throws DamagedReplicaException {
            try {
                return open();
            } catch (DamagedReplicaException e) {
                DamagedChain.cut(rows, e);
                return open();
            }
        }
    }

    /** Makes what talks to the cloud about this chain; nothing is sent before {@link #start()}. */
    void connect(
            Store store,
            Inbox inbox,
            TicketBook tickets,
            InboxListener arrivals,
            Witnessing witnessing,
            SecureRandom random) {
        Bytes epoch = StoreEpoch.of(rows, random);
        forwarder = new TransactionForwarder(cloud);
        parts.push(forwarder);
        mailboxes = new MailboxFollower(
                named.id(), cloud, store, inbox, tickets, arrivals, settings.mailboxStreams(), settings.cloudTiming());
        parts.push(mailboxes);
        MessageUploader uploader = new MessageUploader(
                replica,
                cloud,
                outbox,
                tickets,
                epoch,
                () -> StoreEpoch.renewed(rows, random),
                settings.batch(),
                settings.cloudTiming());
        parts.push(uploader);
        blocks = new BlockFollower(cloud, replica, link, store.room(), settings.cloudTiming());
        parts.push(blocks);
        WitnessUplink witnesses = new WitnessUplink(cloud, settings.cloudTiming());
        parts.push(witnesses);
        watch = witnessing.of(replica, cloud, witnesses);
        watch.begin();
        starting = () -> {
            blocks.start();
            forwarder.start();
            mailboxes.start();
            uploader.start();
            witnesses.start(watch::wanted, replica::offer);
        };
    }

    private Runnable starting = () -> {};

    void start() {
        starting.run();
    }

    NamedChain named() {
        return named;
    }

    Replica replica() {
        return replica;
    }

    CloudClient cloud() {
        return cloud;
    }

    Outbox outbox() {
        return outbox;
    }

    TransactionForwarder forwarder() {
        return forwarder;
    }

    MailboxFollower mailboxes() {
        return mailboxes;
    }

    /** Whether the cloud answers about this chain. */
    boolean isCloudUp() {
        return link.isUp();
    }

    /** Whether what is handed out is as new as anything that the cloud has spoken of since the start. */
    boolean isCaughtUp() {
        // A head may be shown before there is anything that asks the cloud.
        long announced = blocks == null ? -1 : blocks.announcedHeight();
        return announced >= 0
                && replica.heads()
                        .newest()
                        .filter(head -> head.height() >= announced)
                        .isPresent();
    }

    /** What administrators can look at. */
    AdminChain forAdmins() {
        return new AdminChain(named.name(), rows, replica, outbox, watch, this::status);
    }

    /** How this chain is. */
    ChainStatus status() {
        return new ChainStatus(
                named.name(),
                replica.state().map(ChainState::height).orElse(-1L),
                blocks.announcedHeight(),
                replica.heads()
                        .newest()
                        .map(head -> OptionalLong.of(head.height()))
                        .orElse(OptionalLong.empty()),
                replica.signedHeight(),
                watch.cosignedHeight(),
                watch.liars(),
                watch.evidence(),
                replica.members().size(),
                link.isUp(),
                link.sinceMillis(),
                link.lastProblem(),
                outbox.depth(),
                replica.fault().map(fault -> "height " + fault.height() + ": " + fault.reason()),
                replica.checks());
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                first = first == null ? new IOException("a part did not close", e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
