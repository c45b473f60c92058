package dev.latchkey.cloud.api;

import dev.latchkey.cloud.backup.ArchivePieces;
import dev.latchkey.cloud.backup.BackupStores;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** All that the node keeps in one stream, for who holds the TLS key of a replica of all its chains. Thread-safe. */
final class BackupEndpoint {
    private static final int TOO_MANY = 429;

    private final Access access;
    private final BackupStores stores;
    private final Clock clock;
    private final Executor workers;

    BackupEndpoint(Access access, BackupStores stores, Clock clock, Executor workers) {
        this.access = access;
        this.stores = stores;
        this.clock = clock;
        this.workers = workers;
    }

    Route route() {
        return Route.of("GET", "/v1/backup", this::answer);
    }

    private CompletionStage<Answer> answer(Call call) {
        if (!access.isReplicaEverywhere(call)) {
            throw Refusal.forbidden("a backup is for who holds the TLS key of a replica of all chains");
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        BackupStores.Copy copy = stores.copy()
                                .orElseThrow(() ->
                                        new Refusal(TOO_MANY, "backup-under-way", "there is one backup at a time"));
                        return Answer.stream(MediaTypes.CBOR_SEQUENCE, pieces(copy));
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                workers);
    }

    private ArchivePieces pieces(BackupStores.Copy copy) throws IOException {
        try {
            return new ArchivePieces(copy, clock.millis(), workers);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }
}
