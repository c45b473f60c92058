package dev.latchkey.sim.hand;

import dev.latchkey.console.Logging;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.GatewayAddress;
import dev.latchkey.device.Verification;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.UnusableKeyException;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import java.io.IOException;
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

    private final Path directory;
    private final DeviceThreads threads;
    private final Device device;

    private OpenDevice(Path directory, DeviceThreads threads, Device device) {
        this.directory = directory;
        this.threads = threads;
        this.device = device;
    }

    /** What a command begins with. */
    private interface Begin {
        CompletableFuture<Device> with(DeviceSettings settings, DeviceThreads threads);
    }

    static OpenDevice join(Path directory, HandOver handOver, String name, Verification mode)
            throws IOException, InterruptedException {
        return invited(
                directory,
                (settings, threads) -> Device.join(directory, handOver, name, settings.withMode(mode), threads));
    }

    static OpenDevice join(Path directory, JoinTicket ticket, Verification mode)
            throws IOException, InterruptedException {
        return invited(
                directory, (settings, threads) -> Device.join(directory, ticket, settings.withMode(mode), threads));
    }

    static OpenDevice adopt(Path directory, HandOver handOver, String name) throws IOException, InterruptedException {
        try {
            return invited(
                    directory, (settings, threads) -> Device.adopt(directory, handOver, name, settings, threads));
        } catch (DeviceFault e) {
            throw e.onRecovery();
        }
    }

    /** @throws UsageFault if the directory is no device's */
    static OpenDevice open(Path directory) throws IOException, InterruptedException {
        return open(directory, Verification.SELF_VERIFIED);
    }

    /** At another gateway, which is the device's from then on. */
    static OpenDevice at(Path directory, GatewayAddress gateway) throws IOException, InterruptedException {
        requireDevice(directory);
        return begun(directory, (settings, threads) -> Device.open(directory, gateway, settings, threads));
    }

    /**
     * @param mode whose word counts for other members' keys
     * @throws UsageFault if the directory is no device's
     */
    static OpenDevice open(Path directory, Verification mode) throws IOException, InterruptedException {
        requireDevice(directory);
        return begun(directory, (settings, threads) -> Device.open(directory, settings.withMode(mode), threads));
    }

    private static void requireDevice(Path directory) {
        if (!Files.isRegularFile(directory.resolve("membership"))) {
            throw new UsageFault("no device in " + directory
                    + "; make one with: latchkey device join --hand-over FILE --dir " + directory);
        }
    }

    private static OpenDevice invited(Path directory, Begin begin) throws IOException, InterruptedException {
        requireRoom(directory);
        try {
            return begun(directory, begin);
        } catch (DeviceFault e) {
            throw e.onInvitation();
        }
    }

    /** The path that a file stands in the way of would not be named by what fails. */
    private static void requireRoom(Path directory) {
        for (Path place = directory.toAbsolutePath(); place != null; place = place.getParent()) {
            if (Files.exists(place) && !Files.isDirectory(place)) {
                throw new UsageFault("no directory can be made at " + directory + ": " + place + " is a file");
            }
        }
    }

    private static OpenDevice begun(Path directory, Begin begin) throws IOException, InterruptedException {
        // What libraries warn of is not for a person at a prompt; failures are explained where they show.
        Logging.toStandardError("error");
        EcProviders.install();
        DeviceSettings settings =
                DeviceSettings.standard(EcProviders.verifier()).withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE);
        DeviceThreads threads = new DeviceThreads(1, 1);
        boolean open = false;
        try {
            Device device = await(directory, begin.with(settings, threads));
            open = true;
            return new OpenDevice(directory, threads, device);
        } finally {
            if (!open) {
                threads.close();
            }
        }
    }

    Device device() {
        return device;
    }

    /**
     * Waits for one of the device's futures.
     *
     * @throws DeviceFault with an explanation of what it failed with
     * @throws UnusableKeyException if it failed because of a key file
     */
    <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        return await(directory, future);
    }

    /** What the device's future failed with, explained. */
    IOException explained(Throwable failure) {
        return DeviceFault.of(directory, failure);
    }

    private static <T> T await(Path directory, CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return Device.await(future, LONGEST);
        } catch (DeviceException e) {
            throw DeviceFault.of(directory, e);
        }
    }

    /** When it returns, nothing more is delivered. */
    @Override
    public void close() {
        device.close();
        threads.close();
    }
}
