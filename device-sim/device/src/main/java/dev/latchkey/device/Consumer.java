package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.device.InboxEntryReader.Outcome;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An application that receives: a member that reads its mailbox at the cloud over HTTPS and opens what is in it, with the
 * same checks as a device, each proved from the chain id on. Safe for use by many threads; its keys and state lie in a
 * directory like a device's, which one process at a time uses.
 *
 * <p>All readings that wait for the member of a directory, printed and acknowledged:
 *
 * <pre>{@code
 * DeviceSettings settings = DeviceSettings.standard(StrictEcVerifier.bouncy());
 * try (DeviceThreads threads = new DeviceThreads(1, 1);
 *         Consumer consumer = Device.await(Consumer.open(directory, nodes, settings, threads), Duration.ofMinutes(1))) {
 *     long last = Device.await(
 *             consumer.read(0, pack -> System.out.println(pack.sender() + " " + pack.contents().measurements())),
 *             Duration.ofMinutes(1));
 *     Device.await(consumer.acknowledge(last), Duration.ofMinutes(1));
 * }
 * }</pre>
 */
public final class Consumer implements AutoCloseable {
    private static final int PAGE = 256;
    private static final int MAX_PAGE_BYTES = 1 << 20;

    /** How often the wait between streams that bring nothing doubles. */
    private static final int MAX_DOUBLINGS = 4;

    private final Means means;
    private final Membership self;
    private final CloudLink cloud;
    private final ReceivedSessions sessions;
    private final InboxEntryReader reader;
    private volatile Optional<InputStream> open = Optional.empty();
    private volatile Optional<CompletableFuture<Void>> following = Optional.empty();
    private volatile boolean closed;

    private Consumer(Means means, Membership self, Identity identity, List<URI> nodes) throws IOException {
        this.means = means;
        this.self = self;
        this.cloud = new CloudLink(self.chain(), nodes, identity.dtls(), means);
        this.sessions = new ReceivedSessions(means.files());
        SharedSessions shared = new SharedSessions(
                self.chainName(),
                identity.kex().publicKey().kid(),
                means.files(),
                means.settings().clock());
        this.reader = new InboxEntryReader(
                Chains.of(self, cloud, means),
                Receivers.of(self, identity, means.keys()),
                sessions,
                shared,
                means.settings(),
                means.lane());
    }

    /**
     * Takes the directory of a member, made by {@link #join} or as a device's.
     *
     * @param nodes {@code https://host:port} of the cloud's nodes, at least one; another is asked when one fails
     */
    public static CompletableFuture<Consumer> open(
            Path directory, List<URI> nodes, DeviceSettings settings, DeviceThreads threads) {
        Means means = Means.of(DeviceFiles.at(directory), settings.withMode(Verification.SELF_VERIFIED), threads);
        return CompletableFuture.supplyAsync(
                () -> Failures.wrapped(() -> {
                    means.adopted();
                    return opened(means, nodes);
                }),
                means.lane());
    }

    /**
     * Joins a chain by a voucher, at the cloud itself: no gateway is needed. May be repeated after any failure with the same
     * arguments; a directory whose member has joined already is opened.
     *
     * @param name the name to take; the voucher must allow it
     */
    public static CompletableFuture<Consumer> join(
            Path directory,
            HandOver handOver,
            String name,
            List<URI> nodes,
            DeviceSettings settings,
            DeviceThreads threads) {
        if (!Names.isValid(name)) {
            return CompletableFuture.failedFuture(new DeviceException(
                    DeviceException.Kind.STORE,
                    "a name has 1 to 32 of a-z 0-9 . _ -, and begins with a letter or digit"));
        }
        Means means = Means.of(DeviceFiles.at(directory), settings.withMode(Verification.SELF_VERIFIED), threads);
        return new Joining(
                        means, Invitation.of(handOver, name), () -> Optional.of(link(means, handOver.chain(), nodes)))
                .join()
                .handleAsync(
                        (joined, failure) -> Failures.wrapped(() -> {
                            if (failure != null) {
                                means.unlock();
                                throw Failures.asDeviceException(failure);
                            }
                            return opened(means, nodes);
                        }),
                        means.lane());
    }

    private static ChainLink link(Means means, ChainId chain, List<URI> nodes) {
        Identity identity = Failures.wrapped(() -> means.keys().current());
        return new CloudChain(new CloudLink(chain, nodes, identity.dtls(), means), chain);
    }

    private static Consumer opened(Means means, List<URI> nodes) throws IOException, DeviceException {
        boolean done = false;
        try {
            Membership self = means.files()
                    .membership()
                    .orElseThrow(() ->
                            new DeviceException(DeviceException.Kind.STORE, "the directory holds no member's state"));
            Consumer consumer = new Consumer(means, self, means.keys().current(), nodes);
            done = true;
            return consumer;
        } finally {
            if (!done) {
                means.unlock();
            }
        }
    }

    /** The member's name. */
    public String name() {
        return self.name();
    }

    /** The name of its chain. */
    public String chainName() {
        return self.chainName();
    }

    /**
     * Shows that the mailbox has not gone back behind what was read, whichever node is asked now, and tells of what it lost.
     */
    private CompletableFuture<Void> begun(long after, InboxListener listener) {
        return cloud.get(box() + "/state", MailboxState.MAX_BYTES)
                .thenAcceptAsync(
                        body -> Failures.wrapped(() -> {
                            MailboxState state = MailboxState.decode(body).reaching(after);
                            if (state.lostBehind(after)) {
                                listener.lost(state.expired(), state.expiredUpTo());
                            }
                            return null;
                        }),
                        means.lane());
    }

    /**
     * Reads what is in the mailbox now. Each pack is delivered once, also over restarts: what was delivered before is known
     * by the directory. Only after a crash, or when the listener throws, which fails this, packs of the last page come again
     * when the directory is opened anew. Nothing goes from the mailbox.
     *
     * @param after the sequence after which to begin; 0 for all
     * @return the sequence of the last entry, or {@code after}
     */
    public CompletableFuture<Long> read(long after, InboxListener listener) {
        return begun(after, listener).thenComposeAsync(begun -> pages(after, listener), means.lane());
    }

    private CompletableFuture<Long> pages(long after, InboxListener listener) {
        return cloud.get(box() + "?after=" + after + "&limit=" + PAGE, MAX_PAGE_BYTES)
                .thenApplyAsync(body -> Failures.wrapped(() -> page(after, body)), means.lane())
                .thenComposeAsync(
                        page -> page.isEmpty()
                                ? CompletableFuture.completedFuture(after)
                                : delivered(page, listener)
                                        .thenComposeAsync(last -> pages(last, listener), means.lane()),
                        means.lane());
    }

    /** Is told up to where everything was delivered; what it does is waited for. */
    @FunctionalInterface
    public interface Progress {
        /** Everything up to this sequence is delivered. */
        CompletableFuture<?> reached(long sequence);
    }

    /**
     * Reads what is in the mailbox and then what arrives, until this is closed. A stream that breaks is begun again after
     * the last entry, at another node if there is one; a mailbox that ends before that entry there ends this too.
     *
     * @return fails with what cannot be passed by waiting, or when this is closed
     */
    public CompletableFuture<Void> follow(long after, InboxListener listener, Progress progress) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        following = Optional.of(done);
        Thread thread = new Thread(() -> follow(after, listener, progress, done), "latchkey-consumer");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void follow(long after, InboxListener listener, Progress progress, CompletableFuture<Void> done) {
        long[] cursor = {after};
        int fruitless = 0;
        try {
            while (!closed) {
                long before = cursor[0];
                InputStream stream = begun(before, listener)
                        .thenCompose(begun -> cloud.stream(box() + "?after=" + before + "&follow=1"))
                        .join();
                follow(stream, cursor, listener, progress); // on this thread: it waits for the lane
                cloud.next();
                fruitless = cursor[0] > before ? 0 : Math.min(fruitless + 1, MAX_DOUBLINGS);
                Duration wait = means.settings().firstWait().multipliedBy(1L << fruitless);
                means.threads()
                        .after(means.patience().wait(wait, Optional.empty()))
                        .join();
            }
            throw closed();
        } catch (Exception e) {
            done.completeExceptionally(Failures.asDeviceException(e));
        }
    }

    private void follow(InputStream stream, long[] cursor, InboxListener listener, Progress progress) {
        open = Optional.of(stream);
        try (MailboxStream entries = new MailboxStream(stream)) {
            while (!closed) {
                List<MailboxEntry> next = entries.next();
                requireOrder(cursor[0], next);
                cursor[0] = CompletableFuture.supplyAsync(() -> next, means.lane())
                        .thenComposeAsync(page -> delivered(page, listener), means.lane())
                        .join();
                progress.reached(cursor[0]).join();
            }
        } catch (IOException e) {
            // it is begun again after the last entry
            open = Optional.empty();
        } catch (DeviceException e) {
            throw new CompletionException(e);
        }
    }

    /** No entry comes twice, and none after one that it was before. */
    private static void requireOrder(long after, List<MailboxEntry> entries) throws DeviceException {
        long last = after;
        for (MailboxEntry entry : entries) {
            if (entry.sequence() <= last) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the mailbox' entries are out of order");
            }
            last = entry.sequence();
        }
    }

    /** Removes everything up to and including a sequence from the mailbox. */
    public CompletableFuture<Void> acknowledge(long upTo) {
        return cloud.delete(box() + "?upto=" + upTo).thenApply(body -> null);
    }

    private String box() {
        return "/v1/mailboxes/" + self.chain().toHex() + "/" + self.name();
    }

    private static List<MailboxEntry> page(long after, Bytes body) throws DeviceException {
        try {
            List<MailboxEntry> entries = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(body, MAX_PAGE_BYTES)) {
                entries.add(MailboxEntry.fromItem(item));
            }
            requireOrder(after, entries);
            return entries;
        } catch (MalformedCborException | MalformedMessageException e) {
            throw Failures.unproved("the mailbox is not readable", e);
        }
    }

    /** Opens entries one after the other, puts what was opened on the disk, and hands it over. */
    private CompletableFuture<Long> delivered(List<MailboxEntry> page, InboxListener listener) {
        List<Outcome> outcomes = new ArrayList<>();
        CompletableFuture<Void> read = CompletableFuture.completedFuture(null);
        for (MailboxEntry entry : page) {
            InboxEntry message = new InboxEntry(
                    entry.sequence(),
                    entry.sender(),
                    entry.session(),
                    entry.receivedMillis(),
                    entry.contentFormat(),
                    entry.message());
            read = read.thenComposeAsync(before -> reader.read(message), means.lane())
                    .thenAcceptAsync(outcomes::add, means.lane());
        }
        return read.thenApplyAsync(
                done -> Failures.wrapped(() -> {
                    if (closed) {
                        throw closed();
                    }
                    // first: what a listener failed to take comes again
                    outcomes.forEach(outcome -> hand(outcome, listener));
                    Set<Digest> notKept = sessions.keep();
                    if (!notKept.isEmpty()) {
                        throw new DeviceException(DeviceException.Kind.STORE, "what was opened could not be kept");
                    }
                    return page.get(page.size() - 1).sequence();
                }),
                means.lane());
    }

    private static DeviceException closed() {
        return new DeviceException(DeviceException.Kind.CLOSED, "the consumer was closed");
    }

    private static void hand(Outcome outcome, InboxListener listener) {
        outcome.received().ifPresent(listener::received);
        outcome.unopened().ifPresent(listener::unopened);
        outcome.returned().ifPresent(listener::returned);
        outcome.reports().forEach(listener::digest);
    }

    /** Gives the directory free; a stream that is followed ends. */
    @Override
    public void close() {
        closed = true;
        means.patience().close();
        following.ifPresent(done -> done.completeExceptionally(closed()));
        // a stream that is being read closes at its next sign of life, and nobody waits for that
        open.ifPresent(cloud::drop);
        cloud.close();
        CompletableFuture.runAsync(means::unlock, means.lane()).join();
    }
}
