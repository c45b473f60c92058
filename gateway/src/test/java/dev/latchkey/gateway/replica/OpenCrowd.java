package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.KeyProof;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a gateway of many members costs, printed line by line: {@code OpenCrowd fill DIRECTORY MEMBERS} makes its
 * directory, {@code OpenCrowd open DIRECTORY} opens it in a process of its own and measures.
 */
final class OpenCrowd {
    /** Blocks behind the stored state, as after a crash. */
    private static final long TAIL = 5_000;

    private static final int MIB = 1 << 20;

    private OpenCrowd() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        if (arguments[0].equals("fill")) {
            fill(directory, Long.parseLong(arguments[2]));
        } else {
            open(directory);
        }
    }

    private static void fill(Path directory, long members) throws Exception {
        long began = System.nanoTime();
        Map<Long, ChainState> sizes = new TreeMap<>();
        Crowd crowd = CrowdStore.fill(directory, members, Math.min(TAIL, members / 4), state -> {
            if (state.height() % 100_000 == 0) {
                System.out.printf("  %,d of %,d after %.0f s%n", state.height(), members, seconds(began));
            }
            if (state.height() == members || String.valueOf(state.height()).matches("10{3,}")) {
                sizes.put(state.height(), state);
            }
        });
        System.out.printf("filled %,d members, a block each: %.1f s%n", members, seconds(began));
        applied(crowd, sizes);
    }

    /** One block of one join on each size in turn; the states are persistent, so nothing has to be made anew. */
    private static void applied(Crowd crowd, Map<Long, ChainState> sizes) {
        Map<Long, List<Long>> nanos = new TreeMap<>();
        for (int round = 0; round < 1_500; round++) {
            Bytes join = crowd.join("x-" + round);
            for (Map.Entry<Long, ChainState> size : sizes.entrySet()) {
                long began = System.nanoTime();
                Crowd.apply(size.getValue(), join);
                long took = System.nanoTime() - began;
                if (round >= 500) {
                    nanos.computeIfAbsent(size.getKey(), key -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        nanos.forEach((size, took) -> {
            Collections.sort(took);
            System.out.printf("apply at %,d members: p50 %.1f us%n", size, took.get(took.size() / 2) / 1e3);
        });
    }

    private static void open(Path directory) throws Exception {
        long began = System.nanoTime();
        try (Store store = Store.open(directory.resolve("store"), Runnable::run)) {
            double stored = seconds(began);
            Replica replica = CrowdStore.open(directory, store);
            System.out.printf(
                    "open seconds %.2f (RocksDB %.2f); CPU seconds: this thread %.2f, process with JIT and GC %.2f%n",
                    seconds(began), stored, threadCpu(), processCpu());
            ChainState state = replica.state().orElseThrow();
            System.out.printf("members %d, blocks %d%n", state.memberCount(), state.height() + 1);
            System.out.printf(
                    "heap MiB %d, of at most %d%n", heap(), Runtime.getRuntime().maxMemory() / MIB);
            answers(state);
            replica.close();
        }
    }

    /** Bytes in use when the collector has found all that is not, in MiB. */
    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }

    private static void answers(ChainState state) {
        Random random = new Random(1);
        long members = state.memberCount() - 2;
        int[] sizes = new int[200_000];
        double perSecond = 0;
        for (int round = 0; round < 3; round++) {
            double began = threadCpu();
            for (int i = 0; i < sizes.length; i++) {
                Bytes answer = KeyProof.answer(state, Crowd.name(random.nextLong(members)));
                sizes[i] = answer.size();
            }
            perSecond = sizes.length / (threadCpu() - began);
        }
        Arrays.sort(sizes);
        System.out.printf(
                "key answers with proof: %.0f a CPU second; bytes p50 %d, p99 %d%n",
                perSecond, sizes[sizes.length / 2], sizes[sizes.length * 99 / 100]);
    }

    /** CPU seconds of this thread: other processes do not count, so a busy machine measures as an idle one. */
    private static double threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    private static double processCpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e9;
    }

    static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
