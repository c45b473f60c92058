package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.Addressee;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.CounterStore;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the session in which something is sent to the same recipients: the one on disk, one that another of them opened, or
 * a new one. Used from the device's lane.
 */
final class SessionOpener {
    private final Recipients recipients;
    private final Author author;
    private final KeyId ownExchange;
    private final Chains chains;
    private final SharedSessions shared;
    private final GatewayLink link;
    private final DeviceFiles files;
    private final DeviceSettings settings;
    private final Lane lane;

    /** @param ownExchange the kid of this device's kex key, by which others list it */
    SessionOpener(
            Recipients recipients,
            Author author,
            KeyId ownExchange,
            Chains chains,
            SharedSessions shared,
            GatewayLink link,
            Means means) {
        this.recipients = recipients;
        this.author = author;
        this.ownExchange = ownExchange;
        this.chains = chains;
        this.shared = shared;
        this.link = link;
        this.files = means.files();
        this.settings = means.settings();
        this.lane = means.lane();
    }

    private String key() {
        return recipients.toString();
    }

    private CounterStore store() {
        return state -> files.keepSending(key(), state);
    }

    /** The session on disk. One whose state is not whole is not resumed: its counter cannot be trusted. */
    Optional<Talk> resumed() throws IOException {
        Optional<Bytes> kept = files.sending(key());
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(talk(SendingSession.resume(kept.get(), store()), key(), 0));
        } catch (MalformedStateException e) {
            files.dropSending(key());
            return Optional.empty();
        }
    }

    private Talk talk(SendingSession session, String key, int openerBytes) {
        return new Talk(
                session, key, recipients.isOne() ? settings.digestEvery() : settings.sharedDigestEvery(), openerBytes);
    }

    /**
     * A session that another recipient opened for all of them, else a new one.
     *
     * @param maxAge how long ago the gateway may have been asked for the recipients' keys
     */
    CompletableFuture<Talk> open(Duration maxAge) {
        CompletableFuture<List<MemberKey>> keys = CompletableFuture.completedFuture(new ArrayList<>());
        for (Address address : recipients.addresses()) {
            keys = keys.thenComposeAsync(
                    known -> chains.key(address, maxAge).thenApply(key -> {
                        known.add(key);
                        return known;
                    }),
                    lane);
        }
        return keys.thenComposeAsync(
                known -> chains.facts()
                        .context(maxAge)
                        .thenComposeAsync(context -> Failures.wrapped(() -> open(known, context)), lane),
                lane);
    }

    private CompletableFuture<Talk> open(List<MemberKey> keys, ChainContext context)
            throws DeviceException, IOException {
        for (MemberKey key : keys) {
            requireReachable(key.record());
        }
        long members = keys.stream()
                .map(key -> key.record().keys().kex().kid())
                .distinct()
                .count();
        if (members < keys.size()) {
            throw new DeviceException(
                    DeviceException.Kind.NO_RECIPIENT, "two of the recipients' names stand for one member");
        }
        if (keys.size() > 1 && keys.stream().allMatch(key -> key.chain().equals(context.chain()))) {
            for (MemberKey other : keys) {
                Optional<SharedSessions.Part> part =
                        shared.find(other.record().keys().sig().kid(), exchangeKids(keys, other));
                if (part.isPresent()) {
                    return CompletableFuture.completedFuture(
                            talk(part.get().session(), part.get().key(), 0));
                }
            }
        }
        return sendOpener(keys, context);
    }

    /** The kids by which an opener of one of them lists the others. */
    private List<KeyId> exchangeKids(List<MemberKey> keys, MemberKey opener) {
        List<KeyId> kids = new ArrayList<>(List.of(ownExchange));
        keys.stream()
                .filter(key -> key != opener)
                .forEach(key -> kids.add(key.record().keys().kex().kid()));
        return kids;
    }

    private CompletableFuture<Talk> sendOpener(List<MemberKey> keys, ChainContext context) throws IOException {
        List<Addressee> addressees = keys.stream()
                .map(key ->
                        new Addressee(key.record().name(), key.record().keys().kex()))
                .toList();
        Opened opened = author.open(context, addressees, settings.clock().instant(), store());
        if (!recipients.isOne()) {
            // The others may answer in it.
            files.keepReceiving(opened.session().sessionId(), opened.others().state());
        }
        return link.message(ContentFormat.COSE_SIGN1, opened.opener(), Delivery.CONFIRMED)
                .thenApplyAsync(
                        done -> talk(opened.session(), key(), opened.opener().size()), lane);
    }

    /** Who is on its way to another chain gets there what is sent to it meanwhile. */
    private static void requireReachable(MemberRecord record) throws DeviceException {
        if (!record.isActive() && !(record.state() instanceof MemberState.Moving)) {
            throw new DeviceException(
                    DeviceException.Kind.NOT_ACTIVE, "the recipient's keys are not current: " + record.name());
        }
        if (record.role() == Role.GATEWAY) {
            throw new DeviceException(
                    DeviceException.Kind.NO_RECIPIENT,
                    "the recipient is a gateway, which has no inbox of its own: " + record.name());
        }
    }
}
