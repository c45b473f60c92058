package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.VerifiedEvidence;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The evidence that a node has seen, one file for each replica key that it convicts, {@code CHAIN-KID.evidence}.
 * Thread-safe. What was kept stays until a person removes it.
 */
public final class EvidenceShelf {
    private static final StoreFormat FORMAT = new StoreFormat("latchkey-evidence", 1);
    private static final String SUFFIX = ".evidence";

    /** Keys of one chain; whoever runs a chain can convict as many keys of it as he likes to make. */
    private static final int MAX_OF_CHAIN = 64;

    private final Path directory;
    private final Set<String> kept; // guarded by this

    private EvidenceShelf(Path directory, Set<String> kept) {
        this.directory = directory;
        this.kept = kept;
    }

    /** Opens or makes the shelf in a directory of its own. */
    public static EvidenceShelf open(Path directory) throws IOException {
        FORMAT.claim(directory);
        Set<String> kept = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            files.forEach(file -> kept.add(file.getFileName().toString()));
        }
        return new EvidenceShelf(directory, kept);
    }

    /**
     * Keeps a file that was verified; on disk when it returns, unless there is one against the same keys.
     *
     * @return whether it is new
     */
    synchronized boolean keep(ChainId chain, VerifiedEvidence evidence, Bytes file) throws IOException {
        boolean isNew = false;
        for (CoseKey liar : evidence.liars()) {
            String prefix = chain.toHex() + "-";
            String name = prefix + liar.kid() + SUFFIX;
            long ofChain =
                    kept.stream().filter(other -> other.startsWith(prefix)).count();
            if (!kept.contains(name) && ofChain < MAX_OF_CHAIN) {
                AtomicFile.write(directory.resolve(name), file, AtomicFile.Mode.PRIVATE);
                kept.add(name);
                isNew = true;
            }
        }
        return isNew;
    }

    /** The names of the files. */
    public synchronized List<String> names() {
        return kept.stream().sorted().toList();
    }

    /** The chain that a file is about. */
    public static ChainId chainOf(String name) {
        return new ChainId(Digest.of(Bytes.fromHex(name.substring(0, 2 * Digest.SIZE))));
    }

    /**
     * Reads a file of {@link #names}.
     *
     * @throws IOException if a person removed it meanwhile
     */
    public Bytes read(String name) throws IOException {
        return AtomicFile.read(directory.resolve(name), EvidenceFile.MAX_BYTES);
    }

    /** How many replica keys are convicted. */
    public synchronized int size() {
        return kept.size();
    }
}
