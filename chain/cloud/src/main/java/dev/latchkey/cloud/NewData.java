package dev.latchkey.cloud;

import dev.latchkey.cloud.backup.DamagedArchiveException;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.ledger.BlockVerifier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The data directory of a node that is made of something else than the node's own work: beside its place, and moved there
 * when it is whole and on disk. The node gets a new replica key, since the old one may have signed what nobody here knows of.
 */
final class NewData {
    private NewData() {}

    /** Fills a draft of the directory. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @throws DamagedArchiveException if what it is made of does not hold
         */
        void into(Path draft, BlockVerifier blocks) throws IOException, DamagedArchiveException;
    }

    /**
     * Makes the data of a node with these settings, and says what comes next. The new key takes its place before the data: a
     * crash in between leaves a node without data, never data with a key that may have signed more.
     *
     * @param config where the settings stand
     * @throws UsageFault if there are data or an old key in the way; said before the work
     * @throws IOException if it cannot be made; then nothing was
     */
    static void make(CloudSettings settings, Path config, Screen screen, Work work) throws IOException {
        Path data = settings.data().toAbsolutePath();
        EcProviders.install();
        KeyPair tls = KeyFile.read(settings.tlsKey());
        requireEmpty(data);
        requireNoOldKey(settings.replicaKey());
        Optional<String> old = Files.exists(settings.replicaKey())
                ? Optional.of(
                        KeyFile.read(settings.replicaKey()).publicKey().kid().toString())
                : Optional.empty();
        drafted(data, work, draft -> {
            forceAll(draft);
            KeyPair replica = newReplicaKey(settings.replicaKey());
            try {
                Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                putBack(settings.replicaKey());
                throw e;
            }
            force(data.getParent());
            screen.line("a new replica key is in " + settings.replicaKey());
            screen.line("next");
            screen.line("  ./latchkey cloud --config " + config + "    # orders; signs when the policy names its key");
            screen.line("  ./latchkey operator policy change --dir net/operator --remove-replica " + old.orElse("OLD")
                    + " \\");
            screen.line("      --add-replica " + PublicKeys.text(replica.publicKey()) + ","
                    + PublicKeys.text(tls.publicKey()));
            screen.line("  and the same for each further sub-network, with --chain NAME");
        });
    }

    /**
     * Does the work and keeps nothing of it.
     *
     * @throws IOException if it cannot be done
     */
    static void tryOut(CloudSettings settings, Work work) throws IOException {
        EcProviders.install();
        drafted(settings.data().toAbsolutePath(), work, draft -> {});
    }

    /** What becomes of a draft that is whole. */
    @FunctionalInterface
    private interface Place {
        void take(Path draft) throws IOException;
    }

    private static void drafted(Path data, Work work, Place place) throws IOException {
        Path draft = data.resolveSibling(data.getFileName() + ".restoring");
        remove(draft);
        CloudNode.FORMAT.claim(draft);
        ExecutorService checkers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            work.into(draft, new BlockVerifier(EcProviders.verifier(), checkers));
            place.take(draft);
        } catch (DamagedArchiveException e) {
            throw new IOException(e.getMessage() + "; nothing was made", e);
        } finally {
            checkers.shutdownNow();
            remove(draft);
        }
    }

    private static void requireEmpty(Path data) throws IOException {
        if (Files.exists(data)) {
            try (Stream<Path> all = Files.list(data)) {
                if (all.findAny().isPresent()) {
                    throw new UsageFault("the data directory is not empty: " + data
                            + "; move it away, and never run a node on it again");
                }
            }
            try {
                Files.delete(data); // what is made takes its place
            } catch (IOException e) {
                throw new UsageFault(
                        "the empty data directory cannot be replaced, as where a disk is mounted it cannot: " + data
                                + "; let the settings name a directory below it");
            }
        }
    }

    private static void requireNoOldKey(Path file) {
        Path aside = aside(file);
        if (Files.exists(aside)) {
            throw new UsageFault("a key of an earlier restore is in the way, remove it: " + aside);
        }
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".before-restore");
    }

    private static KeyPair newReplicaKey(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, aside(file), StandardCopyOption.ATOMIC_MOVE);
        }
        KeyPair replica = KeyPair.generate(new SecureRandom());
        KeyFile.write(file, replica);
        return replica;
    }

    private static void putBack(Path file) throws IOException {
        if (Files.exists(aside(file))) {
            Files.move(aside(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The directories of all that was made: a file's name is on disk when its directory is. */
    private static void forceAll(Path made) throws IOException {
        try (Stream<Path> all = Files.walk(made)) {
            for (Path path : all.filter(Files::isDirectory).toList()) {
                force(path);
            }
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
