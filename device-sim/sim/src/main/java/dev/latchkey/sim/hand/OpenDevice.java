package dev.latchkey.sim.hand;

import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.sim.fleet.Explained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A device for the time of one command. For use by one thread. */
final class OpenDevice implements AutoCloseable {
    /** A person waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    private final DeviceThreads threads;
    private final Device device;

    private OpenDevice(DeviceThreads threads, Device device) {
        this.threads = threads;
        this.device = device;
    }

    /** What a command begins with. */
    private interface Begin {
        CompletableFuture<Device> with(DeviceSettings settings, DeviceThreads threads);
    }

    static OpenDevice join(Path directory, HandOver handOver, String name) throws DeviceFault, InterruptedException {
        return begun((settings, threads) -> Device.join(directory, handOver, name, settings, threads));
    }

    static OpenDevice join(Path directory, JoinTicket ticket) throws DeviceFault, InterruptedException {
        return begun((settings, threads) -> Device.join(directory, ticket, settings, threads));
    }

    static OpenDevice adopt(Path directory, HandOver handOver, String name) throws DeviceFault, InterruptedException {
        return begun((settings, threads) -> Device.adopt(directory, handOver, name, settings, threads));
    }

    /** @throws UsageFault if the directory is no device's */
    static OpenDevice open(Path directory) throws DeviceFault, InterruptedException {
        if (!Files.isRegularFile(directory.resolve("membership"))) {
            throw new UsageFault("no device in " + directory
                    + "; make one with: latchkey device join --hand-over FILE --dir " + directory);
        }
        return begun((settings, threads) -> Device.open(directory, settings, threads));
    }

    private static OpenDevice begun(Begin begin) throws DeviceFault, InterruptedException {
        // What libraries warn of is not for a person at a prompt; failures are explained where they show.
        Logging.toStandardError("error");
        EcProviders.install();
        DeviceSettings settings =
                DeviceSettings.standard(EcProviders.verifier()).withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE);
        DeviceThreads threads = new DeviceThreads(1, 1);
        boolean open = false;
        try {
            Device device = await(begin.with(settings, threads));
            open = true;
            return new OpenDevice(threads, device);
        } finally {
            if (!open) {
                threads.close();
            }
        }
    }

    Device device() {
        return device;
    }

    /** @throws DeviceFault with an explanation of what the future failed with */
    static <T> T await(CompletableFuture<T> future) throws DeviceFault, InterruptedException {
        try {
            return Device.await(future, LONGEST);
        } catch (DeviceException e) {
            throw new DeviceFault(Explained.text(e), e);
        }
    }

    /** When it returns, nothing more is delivered. */
    @Override
    public void close() {
        device.close();
        threads.close();
    }
}
