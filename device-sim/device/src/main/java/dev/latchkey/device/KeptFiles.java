package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a device keeps of one chain to ask for less, in files for their owner only: {@code chains/CHAIN.keys/NAME}, {@code
 * chains/CHAIN.walked}, {@code chains/CHAIN.told}. All of it may be lost or damaged: it is then asked for anew. Used from
 * the device's lane.
 */
final class KeptFiles {
    /** Members whose keys are kept; those that were asked for longest ago go first. */
    static final int MAX_KEYS = 256;

    private static final int CHAIN_DIGITS = 16;

    private final Path chains;
    private final String chain;
    private final Path keys;

    KeptFiles(Path directory, ChainId chain) {
        this.chains = directory.resolve("chains");
        this.chain = chain.digest().toHex();
        this.keys = chains.resolve(this.chain + ".keys");
    }

    /** A small file about the chain; nothing if it is not there, cannot be read or is damaged. */
    Optional<Bytes> note(String what, int max) {
        return read(ofChain(what), max);
    }

    void keepNote(String what, Bytes content) throws IOException {
        PrivateDirectory.make(chains);
        AtomicFile.write(ofChain(what), Whole.of(content), AtomicFile.Mode.PRIVATE);
    }

    void dropNote(String what) throws IOException {
        Files.deleteIfExists(ofChain(what));
    }

    /** When the gateway was asked for what is in a file of the chain. */
    Optional<Instant> asked(String what) {
        try {
            return Optional.of(Files.getLastModifiedTime(ofChain(what)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void asked(String what, Instant at) throws IOException {
        Files.setLastModifiedTime(ofChain(what), FileTime.from(at));
    }

    Optional<Bytes> key(String name) {
        return read(keys.resolve(name), KeptKey.MAX_BYTES);
    }

    void keepKey(String name, Bytes encoded) throws IOException {
        PrivateDirectory.make(keys);
        if (!Files.exists(keys.resolve(name))) {
            makeRoom();
        }
        AtomicFile.write(keys.resolve(name), Whole.of(encoded), AtomicFile.Mode.PRIVATE);
    }

    void dropKey(String name) throws IOException {
        Files.deleteIfExists(keys.resolve(name));
    }

    /** Keeps what shows that a member's record was rolled back; the first such file stays. */
    void keepRollback(String name, Bytes shown) throws IOException {
        Path file = chains.resolveSibling("rollback-" + chain.substring(0, CHAIN_DIGITS) + "-" + name + ".cbor");
        if (!Files.exists(file)) {
            AtomicFile.write(file, shown, AtomicFile.Mode.PRIVATE);
        }
    }

    private void makeRoom() throws IOException {
        List<Path> known;
        try (Stream<Path> files = Files.list(keys)) {
            known = files.toList();
        }
        if (known.size() >= MAX_KEYS) {
            Files.deleteIfExists(
                    known.stream().min(Comparator.comparing(KeptFiles::age)).orElseThrow());
        }
    }

    private static FileTime age(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private Path ofChain(String what) {
        return chains.resolve(chain + "." + what);
    }

    private static Optional<Bytes> read(Path file, int max) {
        try {
            return Whole.content(AtomicFile.read(file, max + Whole.EXTRA));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
