package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.TransactionAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Hands transactions to the cloud; safe for use by many threads, blocks none. Those that come while a request is under
 * way share the next one, and so a block. Nothing is kept: a transaction that could not be handed over fails at once,
 * and its device sends it again.
 */
public final class TransactionForwarder implements AutoCloseable {
    /** Transactions that may wait; beyond it they fail as if the cloud were away. */
    private static final int MAX_WAITING = 1_024;

    private static final int MAX_TOGETHER = 128;
    private static final int MAX_TOGETHER_BYTES = 256 * 1024;

    private final CloudClient cloud;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this::run, "transaction-forwarder");
    private volatile boolean closed;

    public TransactionForwarder(CloudClient cloud) {
        this.cloud = cloud;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** The cloud's answer; fails with an {@link IOException} when the cloud is away. */
    public CompletableFuture<TransactionAnswer> submit(Bytes transaction) {
        Waiting waiting = new Waiting(transaction, new CompletableFuture<>());
        if (closed || !queue.offer(waiting)) {
            waiting.answer().completeExceptionally(new IOException("too many transactions wait for the cloud"));
        }
        return waiting.answer();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        List<Waiting> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(waiting -> waiting.answer().completeExceptionally(new IOException("closing")));
    }

    private void run() {
        while (!closed) {
            try {
                forward(together(queue.take()));
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    private List<Waiting> together(Waiting first) {
        List<Waiting> together = new ArrayList<>();
        together.add(first);
        int bytes = first.transaction().size();
        Waiting next = queue.peek();
        while (next != null
                && together.size() < MAX_TOGETHER
                && bytes + next.transaction().size() <= MAX_TOGETHER_BYTES) {
            queue.remove(next);
            together.add(next);
            bytes += next.transaction().size();
            next = queue.peek();
        }
        return together;
    }

    private void forward(List<Waiting> together) throws InterruptedException {
        try {
            cloud.establish();
            List<TransactionAnswer> answers =
                    cloud.submit(together.stream().map(Waiting::transaction).toList());
            for (int i = 0; i < together.size(); i++) {
                together.get(i).answer().complete(answers.get(i));
            }
        } catch (IOException | RuntimeException e) {
            together.forEach(waiting -> waiting.answer().completeExceptionally(e));
        } catch (InterruptedException e) {
            together.forEach(waiting -> waiting.answer().completeExceptionally(new IOException("closing", e)));
            throw e;
        }
    }

    private record Waiting(Bytes transaction, CompletableFuture<TransactionAnswer> answer) {}
}
