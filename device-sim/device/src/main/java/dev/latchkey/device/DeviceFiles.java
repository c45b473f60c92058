package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.envelope.ReceivingSession;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.CounterFiles;
import dev.latchkey.host.Disk;
import dev.latchkey.host.MachineBoot;
import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.protocol.ProvisionalReceipt;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A device's directory, for its owner only. Every write is whole and on the disk when it returns. Used from the device's
 * lane.
 *
 * <pre>
 * sig.pem kex.pem dtls.pem   the identity
 * membership                 who and where it is, from the moment that its join is proved
 * join.cose                  its join while that is on the way: sent again as it is, it is answered with the same receipt
 * provisional                the gateway's receipt for it, while the chain does not have it; membership is hoped for
 * policy                     genesis and policy transactions, as the gateway showed them
 * out/HEX marks/HEX          a session that it seals with, and the proof that this is its last state (CounterFiles)
 * missing/...                what senders signed about readings that have not arrived
 * in/SESSION                 a session that it opens, and what of it was opened
 * lock                       held while a process uses the directory
 * </pre>
 *
 * <p>Two users at once, or an older state of a sending session, would seal two readings under one key and nonce. The lock
 * keeps the first away, and {@link CounterFiles} gives out no state that might be an older one: the session is then lost,
 * and its user opens another.
 */
final class DeviceFiles {
    private static final int MAX_POLICY_BYTES = 65_536;
    private static final int EVIDENCE_DIGITS = 16;
    private static final int MAX_JOIN_BYTES = 65_536;

    /** Digests of one sender in one session that wait for readings, as many as the session waits with. */
    static final int MAX_MISSING = 8;

    private final Path directory;
    private final Path incoming;
    private final Path chains;
    private final Path missing;
    private final Disk disk;
    private final CounterFiles sending;
    private final Claims claims;
    private final Clock clock;

    /** As {@link System#nanoTime}. */
    private final LongSupplier nanos;

    /** The state before, of each session whose last write failed. */
    private final Map<Digest, Optional<Bytes>> unsure = new HashMap<>();

    /** When this process took the directory, or made this object if it never does; by two clocks, of which one may be set. */
    private Instant started;

    private long startedNanos;

    private final DirectoryLock lock;

    private DeviceFiles(Path directory, Disk disk, Supplier<Optional<String>> boot, Clock clock, LongSupplier nanos) {
        this.directory = directory.toAbsolutePath();
        this.disk = disk;
        this.lock = new DirectoryLock(this.directory);
        this.sending = new CounterFiles(disk, this.directory.resolve("out"), this.directory.resolve("marks"), boot);
        this.claims = new Claims(sending);
        this.clock = clock;
        this.nanos = nanos;
        this.started = clock.instant();
        this.startedNanos = nanos.getAsLong();
        this.incoming = this.directory.resolve("in");
        this.chains = this.directory.resolve("chains");
        this.missing = this.directory.resolve("missing");
    }

    static DeviceFiles at(Path directory) {
        return at(directory, Disk.REAL, MachineBoot::id, Clock.systemUTC());
    }

    /**
     * A device's directory on some disk.
     *
     * @param boot which run of the machine this is, if that is known
     */
    static DeviceFiles at(Path directory, Disk disk, Supplier<Optional<String>> boot, Clock clock) {
        return at(directory, disk, boot, clock, System::nanoTime);
    }

    /** @param nanos what has passed since some moment, in nanoseconds, whatever the clock is set to */
    static DeviceFiles at(Path directory, Disk disk, Supplier<Optional<String>> boot, Clock clock, LongSupplier nanos) {
        return new DeviceFiles(directory, disk, boot, clock, nanos);
    }

    /**
     * Takes the directory for this user alone, until {@link #unlock}, and erases what the one before left unfinished.
     *
     * @throws DeviceException if another has it, or if there is no directory
     */
    void lock() throws IOException, DeviceException {
        lock.take();
        started = clock.instant();
        startedNanos = nanos.getAsLong();
        tidy();
    }

    private void tidy() {
        sending.sweep();
        try {
            for (Path folder : List.of(directory, incoming, missing, chains)) {
                drop(folder, AtomicFile::isUnfinished);
            }
        } catch (IOException e) {
            // Nothing reads it, and the next start tries again.
            return;
        }
    }

    /** Gives the directory free, if it was taken: nothing that counts is written there any more. */
    void unlock() throws IOException {
        lock.release();
    }

    /** @throws IOException if the directory was given free */
    void requireHeld() throws IOException {
        lock.requireHeld();
    }

    KeyFiles keys() {
        return new KeyFiles(directory);
    }

    Optional<Membership> membership() throws IOException, DeviceException {
        Optional<Bytes> encoded = read(directory.resolve("membership"), Membership.MAX_BYTES);
        return encoded.isPresent() ? Optional.of(Membership.decode(encoded.get())) : Optional.empty();
    }

    void keep(Membership membership) throws IOException {
        write(directory.resolve("membership"), membership.encode());
    }

    Optional<Bytes> pendingJoin() throws IOException {
        return read(directory.resolve("join.cose"), MAX_JOIN_BYTES);
    }

    void keepPendingJoin(Bytes transaction) throws IOException {
        write(directory.resolve("join.cose"), transaction);
    }

    void dropPendingJoin() throws IOException {
        Files.deleteIfExists(directory.resolve("join.cose"));
    }

    /** The gateway's word that the chain will be asked. */
    Optional<Bytes> provisional() throws IOException {
        return read(directory.resolve("provisional"), ProvisionalReceipt.MAX_BYTES);
    }

    /** Before the membership that is hoped for. */
    void keepProvisional(Bytes receipt) throws IOException {
        write(directory.resolve("provisional"), receipt);
    }

    /** The chain has it: the membership is kept already. */
    void becameFinal() throws IOException {
        requireHeld();
        Files.deleteIfExists(directory.resolve("provisional"));
        dropPendingJoin();
    }

    /** The chain has refused it: the directory holds keys, and no member. */
    void wasRefused() throws IOException {
        requireHeld();
        Files.deleteIfExists(directory.resolve("membership"));
        becameFinal();
    }

    /** The move that is under way. */
    Optional<Move> move() throws IOException, DeviceException {
        Optional<Bytes> encoded = read(directory.resolve("move"), Move.MAX_BYTES);
        return encoded.isPresent() ? Optional.of(Move.decode(encoded.get())) : Optional.empty();
    }

    void keepMove(Move move) throws IOException {
        write(directory.resolve("move"), move.encode());
    }

    void dropMove() throws IOException {
        requireHeld();
        Files.deleteIfExists(directory.resolve("move"));
    }

    /** The transactions by which a chain's policy was walked. */
    Optional<Bytes> policy(ChainId chain) throws IOException {
        return read(ofChain(chain, "policy"), MAX_POLICY_BYTES);
    }

    void keepPolicy(ChainId chain, Bytes sequence, Instant asked) throws IOException {
        PrivateDirectory.make(disk, chains);
        write(ofChain(chain, "policy"), sequence);
        Files.setLastModifiedTime(ofChain(chain, "policy"), FileTime.from(asked));
    }

    /** When the gateway was asked last for what is kept of a chain's policy. */
    Instant policyAsked(ChainId chain) throws IOException {
        return Files.getLastModifiedTime(ofChain(chain, "policy")).toInstant();
    }

    /** The newest checkpoint of a chain that this device took up; nothing if it is damaged. */
    Optional<Bytes> checkpoint(ChainId chain) throws IOException {
        return read(ofChain(chain, "checkpoint"), SignedCheckpoint.MAX_BYTES + Whole.EXTRA)
                .flatMap(Whole::content);
    }

    void keepCheckpoint(ChainId chain, Bytes checkpoint) throws IOException {
        PrivateDirectory.make(disk, chains);
        write(ofChain(chain, "checkpoint"), Whole.of(checkpoint));
    }

    /** Keeps what convicts replicas of a chain; the first such file stays. */
    void keepEvidence(ChainId chain, Bytes evidence) throws IOException {
        Path file = directory.resolve("evidence-" + chain.digest().toHex().substring(0, EVIDENCE_DIGITS) + ".cbor");
        if (!Files.exists(file)) {
            write(file, evidence);
        }
    }

    private Path ofChain(ChainId chain, String what) {
        return chains.resolve(chain.digest().toHex() + "." + what);
    }

    /**
     * The last state of the session that seals to somebody.
     *
     * @param key to whom, as the caller names that
     * @return empty if it is not there, or not provably the last
     */
    Optional<Bytes> sending(String key) throws IOException {
        return sending.read(key);
    }

    void keepSending(String key, Bytes state) throws IOException {
        requireHeld();
        sending.keep(key, state);
    }

    void dropSending(String key) throws IOException {
        requireHeld();
        sending.drop(key);
    }

    /** Ends every session that this device opened or took part in. */
    void dropAllSending() throws IOException {
        requireHeld();
        sending.dropAll();
    }

    /** Notes that this device's keys were made this moment: nobody can have opened a session to them. */
    void keysAreNew() throws IOException {
        claims.begin();
    }

    /**
     * Takes up a session that another opened, to send in it.
     *
     * @param began when it began, as the block that it is bound to tells
     * @return whether this is provably the first time; else its keys may have been used, and nothing is sealed in it
     */
    boolean claim(Digest session, Instant began) throws IOException {
        requireHeld();
        Instant now = clock.instant();
        Instant byUptime = now.minusNanos(nanos.getAsLong() - startedNanos);
        return claims.claim(session, began, byUptime.isAfter(started) ? byUptime : started, now);
    }

    /** What is sure to be on the disk of a session: what a write that failed may have left there does not count. */
    Optional<Bytes> receiving(Digest session) throws IOException {
        Optional<Bytes> sure = unsure.get(session);
        return sure != null ? sure : read(receivingFile(session), ReceivingSession.MAX_STATE_BYTES);
    }

    /** Keeps a session in place of its state before, which {@link #receiving} gives if this fails. */
    void keepReceiving(Digest session, Bytes state) throws IOException {
        Optional<Bytes> before = receiving(session);
        try {
            PrivateDirectory.make(disk, incoming);
            write(receivingFile(session), state);
            unsure.remove(session);
        } catch (IOException e) {
            unsure.put(session, before);
            throw e;
        }
    }

    private Path receivingFile(Digest session) {
        return incoming.resolve(session.toHex());
    }

    /** Removes sessions that nothing was opened or sealed under since a moment, which is more than a day ago. */
    void dropSessionsBefore(Instant moment) throws IOException {
        sending.dropBefore(moment, Claims.KEY);
        Condition old = file -> Files.getLastModifiedTime(file).toInstant().isBefore(moment);
        drop(incoming, old);
        drop(missing, old);
    }

    private void drop(Path folder, Condition condition) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (condition.holds(file)) {
                    disk.delete(file);
                }
            }
        }
    }

    /**
     * Keeps a sender's word about readings that have not arrived, in place of its oldest when there are too many: what
     * somebody says about readings that never were takes no more room.
     *
     * @param sender what the names of all that this sender says in a session begin with
     */
    void keepMissing(String sender, String name, Bytes digest) throws IOException {
        PrivateDirectory.make(disk, missing);
        write(missing.resolve(name), digest);
        List<Path> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(missing)) {
            files.filter(file -> file.getFileName().toString().startsWith(sender))
                    .forEach(kept::add);
        }
        // Of the same moment may be all of them; the new one stays.
        kept.remove(missing.resolve(name));
        while (kept.size() >= MAX_MISSING) {
            Path oldest = kept.get(0);
            for (Path file : kept) {
                oldest = Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(oldest)) < 0
                        ? file
                        : oldest;
            }
            disk.delete(oldest);
            kept.remove(oldest);
        }
    }

    void dropMissing(String name) throws IOException {
        disk.delete(missing.resolve(name));
    }

    private interface Condition {
        boolean holds(Path file) throws IOException;
    }

    private static Optional<Bytes> read(Path file, int max) throws IOException {
        try {
            return Optional.of(AtomicFile.read(file, max));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(Path file, Bytes content) throws IOException {
        requireHeld();
        AtomicFile.write(disk, file, content, AtomicFile.Mode.PRIVATE);
    }

    Path directory() {
        return directory;
    }
}
