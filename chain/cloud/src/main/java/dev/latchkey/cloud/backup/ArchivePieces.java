package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.http.Pieces;
import dev.latchkey.cloud.mailbox.MailboxStore;
import dev.latchkey.transaction.ChainId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/** The archive of a copy, piece by piece, as fast as its reader takes it. For one stream. Closing it closes the copy. */
public final class ArchivePieces implements Pieces {
    private static final int PIECE_BYTES = 256 * 1024;

    private final BackupStores.Copy copy;
    private final Executor workers;
    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    /** What is still to come; each answers whether it is done. */
    private final Deque<BooleanSupplier> parts = new ArrayDeque<>();

    private boolean reading; // guarded by this, like closed
    private boolean closed;

    /**
     * An archive.
     *
     * @param madeMillis the node's clock, milliseconds since 1970
     * @param workers where the copy is read
     */
    public ArchivePieces(BackupStores.Copy copy, long madeMillis, Executor workers) {
        this.copy = copy;
        this.workers = workers;
        once(() -> put(new ArchiveHeader(
                        madeMillis,
                        List.copyOf(copy.chains().keySet()),
                        List.copyOf(copy.mailboxes().keySet()))
                .item()));
        copy.chains().forEach(this::chains);
        copy.mailboxes().forEach(this::mailboxes);
        once(() -> put(sum(Kind.END)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void once(Runnable part) {
        parts.add(() -> {
            part.run();
            return true;
        });
    }

    private void chains(String group, ChainStore store) {
        once(() -> {
            put(Cbor.array(Cbor.uint(Kind.GROUP), Cbor.text(group), Cbor.uint(store.index() + 1)));
            store.places()
                    .forEach(place -> put(
                            Cbor.array(Cbor.uint(Kind.PLACE), Cbor.uint(place.group()), Cbor.bytes(place.genesis()))));
        });
        for (ChainId chain : store.chains()) {
            long height = store.lastHeight(chain);
            once(() -> put(Cbor.array(
                    Cbor.uint(Kind.CHAIN),
                    Cbor.bytes(chain.bytes()),
                    Cbor.uint(height),
                    store.checkpoint(chain).map(Cbor::bytes).orElse(Cbor.NULL))));
            long[] next = {0};
            parts.add(() -> {
                store.blocks(chain, next[0], height, (at, block) -> {
                    put(Cbor.bytes(block));
                    next[0] = at + 1;
                    return piece.size() < PIECE_BYTES;
                });
                return next[0] > height;
            });
            once(() -> put(sum(Kind.SEAL)));
        }
    }

    private void mailboxes(String group, MailboxStore store) {
        once(() -> put(Cbor.array(Cbor.uint(Kind.GROUP), Cbor.text(group), Cbor.uint(store.index() + 1))));
        for (int family = 0; family < MailboxStore.ARCHIVED.size(); family++) {
            int number = family;
            Bytes[] after = {Bytes.EMPTY};
            parts.add(() -> {
                boolean[] full = {false};
                store.rows(number, after[0], (key, value) -> {
                    put(Cbor.array(Cbor.uint(Kind.ROW), Cbor.uint(number), Cbor.bytes(key), Cbor.bytes(value)));
                    after[0] = key;
                    full[0] = piece.size() >= PIECE_BYTES;
                    return !full[0];
                });
                return !full[0];
            });
        }
        once(() -> put(sum(Kind.SEAL)));
    }

    private void put(Item item) {
        byte[] bytes = Cbor.encode(item).toArray();
        digest.update(bytes);
        piece.writeBytes(bytes);
    }

    private Item sum(int kind) {
        try {
            MessageDigest sofar = (MessageDigest) digest.clone();
            return Cbor.array(Cbor.uint(kind), Cbor.bytes(Bytes.wrap(sofar.digest())));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 can be cloned", e);
        }
    }

    @Override
    public CompletionStage<Optional<Bytes>> next() {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("the stream is closed"));
            }
            reading = true;
        }
        try {
            return CompletableFuture.supplyAsync(this::read, workers).whenComplete((done, fault) -> ended());
        } catch (RejectedExecutionException e) {
            ended(); // nobody reads, so that who closes it next may discard the copy
            throw e;
        }
    }

    private Optional<Bytes> read() {
        piece.reset();
        while (!parts.isEmpty() && piece.size() < PIECE_BYTES) {
            if (parts.peek().getAsBoolean()) {
                parts.poll();
            }
        }
        return piece.size() == 0 ? Optional.empty() : Optional.of(Bytes.wrap(piece.toByteArray()));
    }

    private void ended() {
        synchronized (this) {
            reading = false;
            if (!closed) {
                return;
            }
        }
        discard();
    }

    /** The copy is not closed under who reads it. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (reading) {
                return;
            }
        }
        discard();
    }

    private void discard() {
        try {
            copy.close();
        } catch (IOException e) {
            throw new UncheckedIOException("what was copied for a backup could not be removed", e);
        }
    }
}
