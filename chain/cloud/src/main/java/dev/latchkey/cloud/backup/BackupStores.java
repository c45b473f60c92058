package dev.latchkey.cloud.backup;

import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.mailbox.MailboxStore;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The stores of a node, of which a copy is made while they serve: one copy at a time, below the node's data. Thread-safe,
 * once all stores are named. A copy shares its files with the store until the store has other ones.
 */
public final class BackupStores {
    private static final String DIRECTORY = "backup";

    private final Path copies;
    private final Map<String, ChainStore> chains = new LinkedHashMap<>();
    private final Map<String, MailboxStore> mailboxes = new LinkedHashMap<>();
    private final AtomicBoolean taken = new AtomicBoolean();

    /** Of a node with that data directory. */
    public BackupStores(Path data) {
        this.copies = data.resolve(DIRECTORY);
    }

    /** Removes what an earlier process left of a copy; only for who holds the stores: another node's copy may be in use. */
    public void clear() throws IOException {
        remove(copies);
    }

    /** Names the store of a group that orders chains. */
    public void chains(String group, ChainStore store) {
        chains.put(group, store);
    }

    /** Names the store of a group that keeps mailboxes. */
    public void mailboxes(String group, MailboxStore store) {
        mailboxes.put(group, store);
    }

    /**
     * A copy of each store as of now; takes its time. Empty if there is one already: it ends when it is closed.
     *
     * @throws IOException if there is no room for it
     */
    public Optional<Copy> copy() throws IOException {
        if (!taken.compareAndSet(false, true)) {
            return Optional.empty();
        }
        Copy copy = new Copy();
        try {
            PrivateDirectory.make(copies);
            for (Map.Entry<String, ChainStore> each : chains.entrySet()) {
                copy.chains.put(each.getKey(), each.getValue().copy(copies.resolve(each.getKey())));
            }
            for (Map.Entry<String, MailboxStore> each : mailboxes.entrySet()) {
                copy.mailboxes.put(each.getKey(), each.getValue().copy(copies.resolve(each.getKey())));
            }
            return Optional.of(copy);
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
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

    /** Copies of all stores, which are gone when this is closed. For one thread at a time. */
    public final class Copy implements AutoCloseable {
        private final Map<String, ChainStore> chains = new LinkedHashMap<>();
        private final Map<String, MailboxStore> mailboxes = new LinkedHashMap<>();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Copy() {}

        Map<String, ChainStore> chains() {
            return chains;
        }

        Map<String, MailboxStore> mailboxes() {
            return mailboxes;
        }

        @Override
        public void close() throws IOException {
            if (closed.compareAndSet(false, true)) {
                chains.values().forEach(ChainStore::close);
                mailboxes.values().forEach(MailboxStore::close);
                try {
                    remove(copies);
                } finally {
                    taken.set(false);
                }
            }
        }
    }
}
