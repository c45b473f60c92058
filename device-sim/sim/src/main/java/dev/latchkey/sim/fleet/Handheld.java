package dev.latchkey.sim.fleet;

import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.weather.WeatherPack;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/** One device of the fleet, a member from construction on; safe for use by many threads. */
final class Handheld implements AutoCloseable {
    private final String name;
    private final Device device;
    private final Account account;

    private Handheld(String name, Device device, Account account) {
        this.name = name;
        this.device = device;
        this.account = account;
    }

    /** Makes its keys, joins by voucher, and from then on is known by its own raw public key. */
    static CompletableFuture<Handheld> join(
            String name,
            Path directory,
            HandOver handOver,
            DeviceSettings settings,
            DeviceThreads threads,
            Account account) {
        return Device.join(directory, handOver, name, settings, threads)
                .thenApply(device -> new Handheld(name, device, account));
    }

    String name() {
        return name;
    }

    long recordHeight() {
        return device.recordHeight();
    }

    CompletableFuture<Long> checkpointHeight() {
        return device.checkpoint().thenApply(known -> known.checkpoint().height());
    }

    /** Begins to observe its inbox; what it opens it reports to the account. */
    void observe() {
        device.receive(new InboxListener() {
            @Override
            public void received(Received pack) {
                account.opened(name, pack.sender(), pack.contents().measurements());
            }

            @Override
            public void unopened(Unopened message) {
                account.stranger("a message from " + message.sender() + " to " + name + " that was not opened: "
                        + message.reason());
            }
        });
    }

    /** A member's key, with proof that this device checked itself. */
    CompletableFuture<VerifiedKey> key(String member) {
        return device.key(member);
    }

    /**
     * Sends readings one after the other; each is on the gateway's disk before the next goes. Ends early when the
     * gateway cannot be reached any more.
     */
    CompletableFuture<Void> send(Iterator<Reading> readings) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        sendNext(readings, all);
        return all;
    }

    private void sendNext(Iterator<Reading> readings, CompletableFuture<Void> all) {
        if (!readings.hasNext()) {
            all.complete(null);
            return;
        }
        Reading reading = readings.next();
        account.sending(reading);
        device.send(reading.recipient(), WeatherPack.of(reading.day())).whenComplete((acknowledged, failure) -> {
            if (failure == null) {
                account.acknowledged(reading);
            } else {
                account.failed(reading, Explained.text(failure));
            }
            if (failure == null || Explained.isRefusal(failure)) {
                sendNext(readings, all);
            } else {
                // What failed after so much patience fails again.
                all.complete(null);
            }
        });
    }

    @Override
    public void close() {
        device.close();
    }
}
