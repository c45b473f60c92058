package dev.latchkey.host;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.stream.Stream;

/**
 * The three key files of one member, {@code sig.pem}, {@code kex.pem} and {@code dtls.pem}, in a directory that only its
 * owner may enter. The directory appears with all three or not at all. Stateless.
 */
public final class IdentityDirectory {
    private static final String SIG = "sig.pem";
    private static final String KEX = "kex.pem";
    private static final String DTLS = "dtls.pem";

    private IdentityDirectory() {}

    /** Makes a new identity; a directory that holds anything already is left alone. */
    public static Identity create(Path directory, SecureRandom random) throws IOException {
        Identity identity = Identity.generate(random);
        write(directory, identity);
        return identity;
    }

    /** Writes an identity that was made elsewhere; a directory that holds anything already is left alone. */
    public static void write(Path directory, Identity identity) throws IOException {
        Path target = directory.toAbsolutePath();
        if (holdsSomething(target)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        Files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + AtomicFile.fresh() + ".tmp");
        Files.createDirectory(temporary, PrivateDirectory.ownerOnly(temporary));
        try {
            KeyFile.write(temporary.resolve(SIG), identity.sig());
            KeyFile.write(temporary.resolve(KEX), identity.kex());
            KeyFile.write(temporary.resolve(DTLS), identity.dtls());
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(temporary, e);
            throw e;
        }
        Disk.REAL.forceDirectory(target.getParent());
    }

    public static Identity load(Path directory) throws IOException {
        KeyPair sig = KeyFile.read(directory.resolve(SIG));
        KeyPair kex = KeyFile.read(directory.resolve(KEX));
        return new Identity(sig, kex, KeyFile.read(directory.resolve(DTLS)));
    }

    /** An empty directory may be filled: renaming onto it is atomic too. */
    private static boolean holdsSomething(Path path) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isPresent();
        }
    }

    private static void remove(Path temporary, IOException cause) {
        try {
            for (String name : new String[] {SIG, KEX, DTLS}) {
                Files.deleteIfExists(temporary.resolve(name));
            }
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
