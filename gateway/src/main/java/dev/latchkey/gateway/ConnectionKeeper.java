package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.SavedConnections;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.StoreFault;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the DTLS connections of a gateway that stopped for the next one, which may have them once; for one thread.
 *
 * <p>They lie encrypted in a file; what its key is made of lies in the store, is new each time, and is gone from there, and
 * synced, before the file is even read. So a file that is put back, or was copied before, opens no more: going on twice with the same
 * sequence numbers would use a nonce of AES-CCM or AES-GCM twice. A process that was killed leaves neither.
 *
 * <pre>
 * file   = moment of the stop in ms, int64 | AES-256-GCM(key, nonce, connections), the moment as additional data
 * key, nonce = 32, 12 bytes of HKDF-SHA-256(32 random bytes in the store, salt: id of the machine's boot, info: "latchkey/1/connections")
 * </pre>
 */
final class ConnectionKeeper {
    private static final Bytes ROW = Bytes.utf8("connections-key");
    private static final Bytes INFO = Bytes.utf8("latchkey/1/connections");
    private static final int SECRET_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** A moment and a tag. */
    private static final int LEAST_FILE_BYTES = Long.BYTES + TAG_BITS / Byte.SIZE;

    /** Room for a million connections. */
    private static final int MAX_FILE_BYTES = 1 << 29;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionKeeper.class);

    private final Store store;
    private final Optional<String> boot;
    private final Clock clock;
    private final Path file;

    /**
     * @param boot which run of the machine this is; nothing is kept where the system does not tell
     */
    ConnectionKeeper(Store store, Optional<String> boot, Clock clock) {
        this.store = store;
        this.boot = boot;
        this.clock = clock;
        this.file = store.directory().resolve("connections").resolve("saved");
    }

    /**
     * What the gateway before this one left, unless that was longer ago than this, or before the machine was started, or it
     * did not stop but end. From here on nobody gets it again.
     */
    Optional<SavedConnections> take(Duration maxAge) throws IOException {
        Optional<Bytes> secret = store.get(Table.META, ROW);
        if (secret.isPresent()) {
            synced(Optional.empty());
        }
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Bytes content = AtomicFile.read(file, MAX_FILE_BYTES);
        Files.delete(file);
        AtomicFile.removeUnfinished(file);
        if (secret.isEmpty() || boot.isEmpty() || content.size() < LEAST_FILE_BYTES) {
            LOG.warn("saved connections are not taken over: their key is gone");
            return Optional.empty();
        }
        long age = clock.millis() - ByteBuffer.wrap(content.toArray()).getLong();
        if (age < 0 || age > maxAge.toMillis()) {
            LOG.info("saved connections are not taken over: they are too old");
            return Optional.empty();
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, secret.get(), content.slice(0, Long.BYTES));
            byte[] sealed = content.toArray();
            return Optional.of(
                    new SavedConnections(Bytes.wrap(cipher.doFinal(sealed, Long.BYTES, sealed.length - Long.BYTES))));
        } catch (GeneralSecurityException e) {
            LOG.warn("saved connections are not taken over: they are damaged, or from before the machine was started");
            return Optional.empty();
        }
    }

    /** Leaves connections for the next gateway. When this fails there is nothing for it to take. */
    void leave(SavedConnections connections) throws IOException {
        if (boot.isEmpty()) {
            return;
        }
        byte[] fresh = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(fresh);
        Bytes secret = Bytes.wrap(fresh);
        Bytes moment = Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(clock.millis()).array());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, secret, moment);
            Bytes sealed = Bytes.wrap(cipher.doFinal(connections.encoded().toArray()));
            PrivateDirectory.make(file.getParent());
            AtomicFile.write(file, Bytes.concat(moment, sealed), AtomicFile.Mode.PRIVATE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is missing in this Java", e);
        }
        // Last: without it the file is worth nothing.
        synced(Optional.of(secret));
    }

    private void synced(Optional<Bytes> secret) throws IOException {
        try {
            store.submit(draft -> {
                        secret.ifPresentOrElse(
                                value -> draft.put(Table.META, ROW, value), () -> draft.delete(Table.META, ROW));
                        return null;
                    })
                    .join();
        } catch (CompletionException | StoreFault e) {
            throw new IOException("the key of the saved connections was not written", e);
        }
    }

    private Cipher cipher(int mode, Bytes secret, Bytes moment) throws GeneralSecurityException {
        Bytes derived = Hkdf.sha256(secret, Bytes.utf8(boot.orElseThrow()), INFO, KEY_BYTES + NONCE_BYTES);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(derived.slice(0, KEY_BYTES).toArray(), "AES"),
                new GCMParameterSpec(
                        TAG_BITS,
                        derived.slice(KEY_BYTES, KEY_BYTES + NONCE_BYTES).toArray()));
        cipher.updateAAD(moment.toArray());
        return cipher;
    }
}
