package dev.latchkey.gateway.doctor;

import dev.latchkey.console.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whether the ports are free, and who has them if not. */
final class PortChecks {
    private PortChecks() {}

    /** Whether a gateway runs on this directory: the store's lock is held by another process. */
    static boolean isRunning(Path data) throws IOException {
        Path lock = data.resolve("LOCK");
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held == null;
        }
    }

    /** @param running whether the gateway of these settings runs already */
    static Finding port(String setting, HostPort place, boolean running) {
        InetSocketAddress address = place.address();
        if (address.isUnresolved()) {
            return Finding.fail(setting, "no such host: " + place, "name an address of this machine");
        }
        try (DatagramSocket socket = new DatagramSocket(address)) {
            return running && place.port() != 0
                    ? Finding.warn(
                            setting,
                            place + " is free, and a gateway runs on the data directory",
                            "it listens elsewhere: look at its command line and environment")
                    : Finding.ok(
                            setting,
                            socket.getLocalAddress().getHostAddress() + " port "
                                    + (place.port() == 0 ? "any" : place.port()) + " is free");
        } catch (SocketException e) {
            return running
                    ? Finding.ok(setting, place + " is held, and the gateway runs")
                    : Finding.fail(
                            setting,
                            place + " cannot be had: " + e.getMessage(),
                            "stop what holds it (ss -ulpn), name an address of this machine, or a port above 1023");
        }
    }
}
