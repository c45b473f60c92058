package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A device's directory, for its owner only. Every write is whole and on the disk when it returns. Used from the device's
 * lane.
 *
 * <pre>
 * sig.pem kex.pem dtls.pem   the identity
 * membership                 who and where it is, from the moment that its join is proved
 * join.cose                  its join while that is on the way: sent again as it is, it is answered with the same receipt
 * policy                     genesis and policy transactions, as the gateway showed them
 * out/NAME                   the session that it seals to NAME with
 * in/SESSION                 a session that it opens, and what of it was opened
 * lock                       held while a process uses the directory
 * </pre>
 *
 * <p>Two users at once, or a copy of out/ that was put back, would seal two readings under one key and nonce. The lock
 * keeps the first away; whoever restores a directory from a backup deletes out/ first.
 */
final class DeviceFiles {
    private static final int MAX_POLICY_BYTES = 65_536;
    private static final int MAX_SENDING_BYTES = 1_024;
    private static final int MAX_RECEIVING_BYTES = 65_536;
    private static final int EVIDENCE_DIGITS = 16;
    private static final int MAX_JOIN_BYTES = 65_536;

    private final Path directory;
    private final Path outgoing;
    private final Path incoming;
    private final Path chains;

    // Guarded by this.
    private Optional<FileChannel> lock = Optional.empty();

    private DeviceFiles(Path directory) {
        this.directory = directory.toAbsolutePath();
        this.outgoing = this.directory.resolve("out");
        this.incoming = this.directory.resolve("in");
        this.chains = this.directory.resolve("chains");
    }

    static DeviceFiles at(Path directory) {
        return new DeviceFiles(directory);
    }

    /**
     * Takes the directory for this user alone, until {@link #unlock}.
     *
     * @throws DeviceException if another has it, or if there is no directory
     */
    synchronized void lock() throws IOException, DeviceException {
        if (!Files.isDirectory(directory)) {
            throw new DeviceException(DeviceException.Kind.STORE, "the directory holds no member's state");
        }
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                attributes(directory, "rw-------"));
        if (!isTaken(channel)) {
            channel.close();
            throw new DeviceException(
                    DeviceException.Kind.STORE, "the directory is in use by another command: let that end first");
        }
        lock = Optional.of(channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Gives the directory free, if it was taken. */
    synchronized void unlock() throws IOException {
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
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

    /** The move that is under way. */
    Optional<Move> move() throws IOException, DeviceException {
        Optional<Bytes> encoded = read(directory.resolve("move"), Move.MAX_BYTES);
        return encoded.isPresent() ? Optional.of(Move.decode(encoded.get())) : Optional.empty();
    }

    void keepMove(Move move) throws IOException {
        write(directory.resolve("move"), move.encode());
    }

    void dropMove() throws IOException {
        Files.deleteIfExists(directory.resolve("move"));
    }

    /** The transactions by which a chain's policy was walked. */
    Optional<Bytes> policy(ChainId chain) throws IOException {
        return read(ofChain(chain, "policy"), MAX_POLICY_BYTES);
    }

    void keepPolicy(ChainId chain, Bytes sequence, Instant asked) throws IOException {
        ownerOnly(chains);
        write(ofChain(chain, "policy"), sequence);
        Files.setLastModifiedTime(ofChain(chain, "policy"), FileTime.from(asked));
    }

    /** When the gateway was asked last for what is kept of a chain's policy. */
    Instant policyAsked(ChainId chain) throws IOException {
        return Files.getLastModifiedTime(ofChain(chain, "policy")).toInstant();
    }

    /** The newest checkpoint of a chain that this device took up. */
    Optional<Bytes> checkpoint(ChainId chain) throws IOException {
        return read(ofChain(chain, "checkpoint"), SignedCheckpoint.MAX_BYTES);
    }

    void keepCheckpoint(ChainId chain, Bytes checkpoint) throws IOException {
        ownerOnly(chains);
        write(ofChain(chain, "checkpoint"), checkpoint);
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

    Optional<Bytes> sending(String recipient) throws IOException {
        return read(outgoing.resolve(recipient), MAX_SENDING_BYTES);
    }

    void keepSending(String recipient, Bytes state) throws IOException {
        ownerOnly(outgoing);
        write(outgoing.resolve(recipient), state);
    }

    void dropSending(String recipient) throws IOException {
        Files.deleteIfExists(outgoing.resolve(recipient));
    }

    /** Ends every session that this device opened. */
    void dropAllSending() throws IOException {
        if (!Files.isDirectory(outgoing)) {
            return;
        }
        try (Stream<Path> sessions = Files.list(outgoing)) {
            for (Path session : (Iterable<Path>) sessions::iterator) {
                Files.deleteIfExists(session);
            }
        }
    }

    Optional<Bytes> receiving(Digest session) throws IOException {
        return read(incoming.resolve(session.toHex()), MAX_RECEIVING_BYTES);
    }

    void keepReceiving(Digest session, Bytes state) throws IOException {
        ownerOnly(incoming);
        write(incoming.resolve(session.toHex()), state);
    }

    /** Removes sessions that nothing was opened under since a moment. */
    void dropReceivingBefore(Instant moment) throws IOException {
        if (!Files.isDirectory(incoming)) {
            return;
        }
        try (Stream<Path> sessions = Files.list(incoming)) {
            for (Path session : (Iterable<Path>) sessions::iterator) {
                if (Files.getLastModifiedTime(session).toInstant().isBefore(moment)) {
                    Files.deleteIfExists(session);
                }
            }
        }
    }

    private static void ownerOnly(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectory(folder, attributes(folder, "rwx------"));
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static Optional<Bytes> read(Path file, int max) throws IOException {
        try {
            return Optional.of(AtomicFile.read(file, max));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void write(Path file, Bytes content) throws IOException {
        AtomicFile.write(file, content, AtomicFile.Mode.PRIVATE);
    }

    Path directory() {
        return directory;
    }
}
