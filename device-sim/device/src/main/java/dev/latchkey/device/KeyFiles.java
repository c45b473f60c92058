package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.host.UnusableKeyException;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The key files of a device, in its own directory or one that the caller supplies: {@code sig.pem}, {@code kex.pem}, {@code dtls.pem}, and {@code next.pem}, the sig key that
 * must come next. Used from the device's lane, under the directory's lock.
 *
 * <p>A change of keys goes through three states, and a crash leaves one of them. Prepared: the new keys stand beside the
 * old ones as {@code *.new.pem} and the transaction, written last, in {@code change.cose}; which of both are current is for
 * the chain to say. Decided: {@code change.done} is there; the new files are moved over the old ones, again if need be.
 * Settled: none of these files is there. New keys without a transaction were never sent anywhere.
 */
final class KeyFiles {
    private static final int MAX_CHANGE_BYTES = 65_536;
    private static final String SIG = "sig";
    private static final String KEX = "kex";
    private static final String DTLS = "dtls";
    private static final String NEXT = "next";
    private static final List<String> PURPOSES = List.of(SIG, KEX, DTLS, NEXT);

    private static final List<String> IDENTITY = List.of(SIG, KEX, DTLS);

    private final Path directory;
    private final boolean supplied;
    private final Path former;
    private final Path change;
    private final Path done;
    private final Path making;

    private KeyFiles(Path directory, boolean supplied) {
        this.directory = directory;
        this.supplied = supplied;
        this.former = directory.resolve("former");
        this.change = directory.resolve("change.cose");
        this.done = directory.resolve("change.done");
        this.making = directory.resolve("making");
    }

    /** Whether any key of an identity is there. */
    boolean exist() {
        return IDENTITY.stream().anyMatch(purpose -> isThere(current(purpose)));
    }

    /** The keys in the device's own directory. */
    KeyFiles(Path directory) {
        this(directory, false);
    }

    /** The keys in a directory that the caller supplies: nothing is written beside it, for it may be a mount of its own. */
    static KeyFiles supplied(Path directory) {
        return new KeyFiles(directory.toAbsolutePath(), true);
    }

    /**
     * The identity in the directory, made now if there is none. In its own directory it makes that too: only one of two
     * does. What is there is never replaced, be it whole or not.
     *
     * @throws KeyFileException if one of the three keys is missing or cannot be used
     */
    Identity made(SecureRandom random) throws IOException {
        if (supplied) {
            makeMissing(random);
        } else if (IDENTITY.stream().noneMatch(purpose -> isThere(current(purpose)))) {
            return IdentityDirectory.create(directory, random);
        }
        return current();
    }

    /** While the note is there no key was used yet: what a crash left undone is made up for. */
    private void makeMissing(SecureRandom random) throws IOException {
        PrivateDirectory.make(directory);
        if (IDENTITY.stream().noneMatch(purpose -> isThere(current(purpose)))) {
            AtomicFile.write(making, Bytes.EMPTY, AtomicFile.Mode.PRIVATE);
        }
        if (isThere(making)) {
            for (String purpose : IDENTITY) {
                if (!isThere(current(purpose))) {
                    KeyFile.write(current(purpose), KeyPair.generate(random));
                }
            }
            Files.delete(making);
        }
    }

    /** @throws KeyFileException if one of the three keys is missing or cannot be used */
    Identity current() throws IOException {
        return new Identity(readPresent(current(SIG)), readPresent(current(KEX)), readPresent(current(DTLS)));
    }

    /** The sig key that comes next, if one was made. */
    Optional<KeyPair> next() throws IOException {
        return read(current(NEXT));
    }

    /** The sig key that comes next, made now if there is none. */
    KeyPair next(SecureRandom random) throws IOException {
        Optional<KeyPair> known = next();
        if (known.isPresent()) {
            return known.get();
        }
        KeyPair made = KeyPair.generate(random);
        KeyFile.write(current(NEXT), made);
        return made;
    }

    /** The change that was prepared and not settled. */
    Optional<KeyChange> pending() throws IOException {
        Optional<Bytes> transaction;
        try {
            transaction = Optional.of(AtomicFile.read(change, MAX_CHANGE_BYTES));
        } catch (NoSuchFileException e) {
            transaction = Optional.empty();
        }
        return transaction.isEmpty()
                ? Optional.empty()
                : Optional.of(new KeyChange(
                        read(fresh(SIG)), read(fresh(KEX)), read(fresh(DTLS)), read(fresh(NEXT)), transaction.get()));
    }

    /** Puts a change on the disk, which is then the pending one. */
    void prepare(KeyChange prepared) throws IOException {
        requireUndecided();
        drop();
        write(SIG, prepared.sig());
        write(KEX, prepared.kex());
        write(DTLS, prepared.dtls());
        write(NEXT, prepared.next());
        // Last: its presence says that the keys may be on the chain.
        AtomicFile.write(change, prepared.transaction(), AtomicFile.Mode.PRIVATE);
    }

    /** The chain says that the pending change is in effect. */
    void commit(Instant now) throws IOException {
        AtomicFile.write(done, Bytes.EMPTY, AtomicFile.Mode.PRIVATE);
        finish(now);
    }

    /** The pending change can never take effect: its keys are of no use. */
    void drop() throws IOException {
        requireUndecided();
        Files.deleteIfExists(change);
        for (String purpose : PURPOSES) {
            Files.deleteIfExists(fresh(purpose));
        }
    }

    /** The keys of a change that is decided are the device's only ones, and the note of it must not meet other new keys. */
    private void requireUndecided() throws IOException {
        if (isDecided()) {
            throw new IOException("a change of keys was decided and not finished: close the device and open it again");
        }
    }

    /** Whether a change is decided and not finished: of the key files of today one may be missing. */
    boolean isDecided() {
        return Files.exists(done);
    }

    /** Ends a change that is decided; what a crash left undone of it is done now. */
    void finish(Instant now) throws IOException {
        if (!isDecided()) {
            return;
        }
        retire(now);
        for (String purpose : PURPOSES) {
            if (Files.exists(fresh(purpose))) {
                Files.move(
                        fresh(purpose),
                        current(purpose),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(change);
        // Forces the directory: the moves are on the disk before the note that asks for them goes.
        AtomicFile.write(done, Bytes.EMPTY, AtomicFile.Mode.PRIVATE);
        Files.deleteIfExists(done);
    }

    /** What was sealed to the old kex key may still be on its way. */
    private void retire(Instant now) throws IOException {
        if (!Files.exists(fresh(KEX)) || !Files.exists(current(KEX))) {
            return;
        }
        PrivateDirectory.make(former);
        Path kept = former.resolve(readPresent(current(KEX)).publicKey().kid() + ".pem");
        Files.move(current(KEX), kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(kept, FileTime.from(now));
    }

    /** Key-agreement keys that were the device's, as long as something sealed to them may arrive. */
    List<KeyPair> formerKex() throws IOException {
        List<KeyPair> keys = new ArrayList<>();
        for (Path file : formerFiles()) {
            keys.add(readPresent(file));
        }
        return keys;
    }

    /** Erases what was replaced before a moment. */
    void dropFormerBefore(Instant moment) throws IOException {
        for (Path file : formerFiles()) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(moment)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private List<Path> formerFiles() throws IOException {
        if (!Files.isDirectory(former)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(former)) {
            return files.filter(file -> file.toString().endsWith(".pem"))
                    .sorted()
                    .toList();
        }
    }

    private Path current(String purpose) {
        return directory.resolve(purpose + ".pem");
    }

    private Path fresh(String purpose) {
        return directory.resolve(purpose + ".new.pem");
    }

    private void write(String purpose, Optional<KeyPair> pair) throws IOException {
        if (pair.isPresent()) {
            KeyFile.write(fresh(purpose), pair.get());
        }
    }

    private static Optional<KeyPair> read(Path file) throws IOException {
        return isThere(file) ? Optional.of(readPresent(file)) : Optional.empty();
    }

    /** A link that leads nowhere is there too: nothing is written in its place. */
    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static KeyPair readPresent(Path file) throws KeyFileException {
        if (Files.isDirectory(file)) {
            throw new KeyFileException(file, "is no file but a directory; put the key file back from a copy", null);
        }
        try {
            return KeyFile.read(file);
        } catch (UnusableKeyException e) {
            throw new KeyFileException(file, e.getReason() + "; nothing was written in its place", e);
        } catch (NoSuchFileException e) {
            throw new KeyFileException(
                    file, "is missing: put it back from a copy, or join anew with an empty directory", e);
        } catch (AccessDeniedException e) {
            throw new KeyFileException(file, "cannot be read: give it to the user that runs the device", e);
        } catch (IOException e) {
            throw new KeyFileException(file, "cannot be read as a key file; put it back from a copy", e);
        }
    }
}
