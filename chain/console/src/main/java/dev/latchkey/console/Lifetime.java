package dev.latchkey.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a service runs: until SIGTERM or Ctrl-C, or, for one that another process started, until its standard input
 * ends, so that nothing outlives its starter. Then it is closed, and the process ends with 0.
 */
public final class Lifetime {
    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

    private Lifetime() {}

    /**
     * Announces the service, which must be in service already, waits for the end, then closes it.
     *
     * @param ready the line that says so on standard output, printed only once a signal is a clean stop, so that who
     *     reads it may send one at once
     * @param stopWithStdin also stop when standard input ends
     * @return the code to end the process with, when it was standard input that ended; after a signal the process ends
     *     here with that code
     */
    public static int untilStopped(AutoCloseable service, boolean stopWithStdin, String ready)
            throws InterruptedException {
        CountDownLatch inputEnded = new CountDownLatch(1);
        // Whichever of the two ends comes first begins the stop, and the other one waits for it.
        FutureTask<Integer> stop = new FutureTask<>(() -> stopped(service));
        // A JVM that a signal ends says 143 whatever its hooks did; a clean stop is a success.
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(outcome(stop)), "latchkey-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        if (stopWithStdin) {
            Thread watcher = new Thread(() -> drain(System.in, inputEnded), "latchkey-stdin");
            watcher.setDaemon(true);
            watcher.start();
        }
        System.out.println(ready);
        System.out.flush();
        inputEnded.await();
        int code = outcome(stop);
        if (!removed(hook)) {
            // A signal came meanwhile: its hook will end the process.
            hook.join();
        }
        return code;
    }

    private static int outcome(FutureTask<Integer> stop) {
        stop.run();
        try {
            return stop.get();
        } catch (InterruptedException | ExecutionException e) {
            return Cli.FAILED;
        }
    }

    private static int stopped(AutoCloseable service) {
        try {
            service.close();
            LOG.info("stopped");
            return Cli.OK;
        } catch (Exception e) {
            LOG.error("the stop failed; the next start recovers as after a crash", e);
            return Cli.FAILED;
        } finally {
            System.out.flush();
        }
    }

    private static void drain(InputStream in, CountDownLatch ended) {
        byte[] ignored = new byte[256];
        try {
            while (in.read(ignored) >= 0) {
                // Nothing is expected here but the end.
            }
        } catch (IOException e) {
            LOG.debug("standard input failed, which is an end as well", e);
        } finally {
            ended.countDown();
        }
    }

    private static boolean removed(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
