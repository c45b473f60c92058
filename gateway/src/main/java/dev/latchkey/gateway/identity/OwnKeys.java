package dev.latchkey.gateway.identity;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.Disk;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The gateway's keys on disk and in use; safe for use by many threads. A change has three steps, each of which is on disk
 * when it returns, so that whoever opens the directory after a crash knows how far it had come:
 *
 * <pre>
 * KEYS/next/{sig,kex,dtls}.pem       prepared: the chains may have them or not, and they tell which keys are in force
 * KEYS/decided/{sig,kex,dtls}.pem    the same directory renamed: the chains have them, they are the gateway's
 * KEYS/{sig,kex,dtls}.pem            moved there one by one; what is left of a move is finished by whoever opens
 * </pre>
 */
public final class OwnKeys {
    private static final List<String> FILES = List.of("sig.pem", "kex.pem", "dtls.pem");
    private static final String NEXT = "next";
    private static final String DECIDED = "decided";
    private static final String DROPPED = "." + NEXT + ".dropped.tmp";

    private final Path directory;
    private final Disk disk;
    private volatile Identity current;
    private volatile Optional<Identity> next;

    private OwnKeys(Path directory, Disk disk, Identity current, Optional<Identity> next) {
        this.directory = directory;
        this.disk = disk;
        this.current = current;
        this.next = next;
    }

    /**
     * Loads the keys, after a change that was decided on is finished.
     *
     * @throws IOException if a key is missing, others than its owner may use it, or a change cannot be finished
     */
    public static OwnKeys open(Path directory) throws IOException {
        return open(directory, Disk.REAL);
    }

    /** The same on a disk whose steps can fail. */
    static OwnKeys open(Path directory, Disk disk) throws IOException {
        Path keys = directory.toAbsolutePath();
        finish(keys, disk);
        removeUnfinished(keys, disk);
        Identity current = IdentityDirectory.load(keys);
        Path prepared = keys.resolve(NEXT);
        if (!Files.isDirectory(prepared)) {
            return new OwnKeys(keys, disk, current, Optional.empty());
        }
        return new OwnKeys(keys, disk, current, Optional.of(IdentityDirectory.load(prepared)));
    }

    /** The keys in use. */
    public Identity current() {
        return current;
    }

    /** The keys that are to take their place, and that a chain may have already. */
    public Optional<Identity> next() {
        return next;
    }

    /** The DTLS keys that a chain may have of this gateway: the one in use, and the next one if there is one. */
    public List<CoseKey> dtls() {
        Identity now = current;
        return Stream.concat(Stream.of(now), next.stream())
                .map(identity -> identity.dtls().publicKey())
                .distinct()
                .toList();
    }

    /** Signs with the sig key of the moment. */
    public Signer sig() {
        return new Signer() {
            @Override
            public CoseKey publicKey() {
                return current.sig().publicKey();
            }

            @Override
            public Bytes sign(Bytes message) {
                return current.sig().sign(message);
            }
        };
    }

    /**
     * Makes the next keys; they are on disk when this returns.
     *
     * @param withSig whether the sig key changes too
     * @throws IOException if they cannot be written; then nothing has changed
     */
    public synchronized Identity prepare(boolean withSig, SecureRandom random) throws IOException {
        if (next.isPresent()) {
            throw new IllegalStateException("a change of keys is under way");
        }
        Identity made = new Identity(
                withSig ? KeyPair.generate(random) : current.sig(), KeyPair.generate(random), KeyPair.generate(random));
        removeUnfinished(directory, disk);
        IdentityDirectory.write(directory.resolve(NEXT), made);
        next = Optional.of(made);
        return made;
    }

    /** Forgets the next keys, which no chain has and no chain will get. */
    public synchronized void drop() throws IOException {
        if (next.isPresent()) {
            // Whoever opens finds all of it or none.
            disk.rename(directory.resolve(NEXT), directory.resolve(DROPPED));
            next = Optional.empty();
            disk.forceDirectory(directory);
            removeUnfinished(directory, disk);
        }
    }

    /** The next keys are the gateway's from now on: every chain has them. The keys before are gone when this returns. */
    public synchronized Identity decide() throws IOException {
        Identity made = next.orElseThrow(() -> new IllegalStateException("no change of keys is under way"));
        disk.rename(directory.resolve(NEXT), directory.resolve(DECIDED));
        current = made;
        next = Optional.empty();
        disk.forceDirectory(directory);
        finish(directory, disk);
        return made;
    }

    private static void finish(Path directory, Disk disk) throws IOException {
        Path decided = directory.resolve(DECIDED);
        if (!Files.isDirectory(decided)) {
            return;
        }
        // The step before may have been the last one before a crash, and not be on the disk yet.
        disk.forceDirectory(directory);
        for (String name : FILES) {
            if (Files.exists(decided.resolve(name))) {
                disk.rename(decided.resolve(name), directory.resolve(name));
            }
        }
        disk.forceDirectory(directory);
        disk.delete(decided);
        disk.forceDirectory(directory);
    }

    /** What is left of keys that were never in force. */
    private static void removeUnfinished(Path directory, Disk disk) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "." + NEXT + ".*")) {
            for (Path one : left) {
                if (AtomicFile.isUnfinished(one) && Files.isDirectory(one)) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(one)) {
                        for (Path file : files) {
                            disk.delete(file);
                        }
                    }
                    disk.delete(one);
                }
            }
        }
    }
}
