package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.host.StateFile;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/** The directory of a gateway that has verified a {@link Crowd}: its store, its state file, and the chain's id. */
final class CrowdStore {
    private static final ReplicaListener NOBODY = new ReplicaListener() {
        @Override
        public void memberEnded(MemberHandle handle) {}

        @Override
        public void memberBegun(MemberHandle handle) {}

        @Override
        public void policyChanged(Policy policy) {}

        @Override
        public void headChanged(Head head) {}
    };

    private CrowdStore() {}

    /**
     * Puts a crowd on disk as a gateway does, with a state some blocks before the end.
     *
     * @param passed sees the state after each block
     */
    static Crowd fill(Path directory, long members, long tail, Consumer<ChainState> passed) throws Exception {
        Crowd crowd = new Crowd();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("chain"), crowd.chain().toHex());
        ChainState stored = crowd.state();
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            ChainRows rows = ChainRows.of(store, crowd.chain().bytes());
            put(rows, 0, crowd.blockZero());
            for (long height = 1; height <= members; height++) {
                put(rows, height, crowd.next());
                if (height == members - tail) {
                    stored = crowd.state();
                }
                passed.accept(crowd.state());
            }
        }
        long began = System.nanoTime();
        new StateFile(directory.resolve("store").resolve("states"), crowd.chain()).write(stored, crowd.history());
        System.out.printf("state written in %.2f s%n", OpenCrowd.seconds(began));
        return crowd;
    }

    private static void put(ChainRows rows, long height, Bytes block) throws Exception {
        Bytes header = header(block);
        rows.store().submitWaiting(draft -> {
            rows.put(draft, Table.BLOCKS, Key.of(height), block);
            rows.put(draft, Table.HEADERS, Key.of(height), header);
            return null;
        });
    }

    private static Bytes header(Bytes block) throws MalformedBlockException {
        return Block.decode(block).header();
    }

    static ChainId chain(Path directory) throws IOException {
        return new ChainId(dev.latchkey.bytes.Digest.of(Bytes.fromHex(Files.readString(directory.resolve("chain")))));
    }

    static Replica open(Path directory, Store store) throws IOException {
        ChainId chain = chain(directory);
        return Replica.open(
                chain,
                ChainRows.of(store, chain.bytes()),
                StrictEcVerifier.bouncy(),
                Runnable::run,
                Clock.systemUTC(),
                new ReplicaTiming(Duration.ofMillis(1), Duration.ofHours(1)),
                NOBODY);
    }
}
