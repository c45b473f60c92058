package dev.latchkey.sim.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A network for a class of tests, which has it to itself until it is through; then it goes to another class. To start one
 * takes longer than most tests, so there are no more than classes side by side.
 */
final class NetworkExtension implements ParameterResolver, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(NetworkExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningNetwork.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return networks(context).of(context.getRequiredTestClass());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        networks(context).giveBack(context.getRequiredTestClass());
    }

    private static Networks networks(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Networks.class, first -> new Networks(), Networks.class);
    }

    /** All networks of a run. */
    private static final class Networks implements AutoCloseable {
        private final List<RunningNetwork> all = new ArrayList<>();
        private final Deque<RunningNetwork> idle = new ArrayDeque<>();
        private final Map<Class<?>, RunningNetwork> taken = new HashMap<>();
        private final AtomicBoolean first = new AtomicBoolean(true);

        RunningNetwork of(Class<?> tests) {
            synchronized (this) {
                RunningNetwork own = taken.containsKey(tests) ? taken.get(tests) : idle.poll();
                if (own != null) {
                    taken.put(tests, own);
                    return own;
                }
            }
            RunningNetwork started = started();
            synchronized (this) {
                all.add(started);
                taken.put(tests, started);
            }
            return started;
        }

        synchronized void giveBack(Class<?> tests) throws IOException {
            RunningNetwork own = taken.remove(tests);
            if (own != null) {
                idle.push(own);
                own.requireSecretsKept();
            }
        }

        private RunningNetwork started() {
            try {
                return RunningNetwork.start(first.getAndSet(false));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            for (RunningNetwork network : all) {
                network.close();
            }
        }
    }
}
