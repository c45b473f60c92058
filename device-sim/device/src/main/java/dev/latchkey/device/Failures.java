package dev.latchkey.device;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Failures of futures. */
final class Failures {
    private Failures() {}

    /** What failed, without the wrappers of futures. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The failure as callers of the library see it. */
    static DeviceException asDeviceException(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof DeviceException) {
            return (DeviceException) cause;
        }
        return cause instanceof IOException
                ? store(cause)
                : new DeviceException(DeviceException.Kind.UNREACHABLE, "the device failed", cause);
    }

    static DeviceException unproved(String what, Throwable cause) {
        return new DeviceException(DeviceException.Kind.UNPROVED, what, cause);
    }

    static DeviceException store(Throwable cause) {
        if (cause instanceof KeyFileException) {
            return new DeviceException(DeviceException.Kind.STORE, cause.getMessage(), cause);
        }
        return new DeviceException(DeviceException.Kind.STORE, "the device's directory failed", cause);
    }

    /** A task's future; one that has failed if the task could not begin. */
    static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> task) {
        try {
            return task.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Work of a future that may fail with a checked exception. */
    interface Work<T> {
        T run() throws Exception;
    }

    /** The value, or the failure as futures carry it. */
    static <T> T wrapped(Work<T> work) {
        try {
            return work.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
