package dev.latchkey.cloud;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which of some processes of this machine opened a connection to this one, as Linux tells. Stateless. */
final class SocketOwners {
    private static final int INODE = 9;

    private SocketOwners() {}

    /** The name of the process that holds the other end of an accepted connection on loopback. */
    static Optional<String> owner(Socket accepted, Map<String, Long> processes) {
        String here = ":%04X".formatted(accepted.getPort());
        String there = ":%04X".formatted(accepted.getLocalPort());
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : lines(Path.of(table))) {
                String[] parts = line.strip().split("\\s+");
                if (parts.length > INODE && parts[1].endsWith(here) && parts[2].endsWith(there)) {
                    return holder("socket:[" + parts[INODE] + "]", processes);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> holder(String socket, Map<String, Long> processes) {
        return processes.entrySet().stream()
                .filter(process -> holds(process.getValue(), socket))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.anyMatch(file -> leadsTo(file, socket));
        } catch (IOException e) {
            return false; // the process is gone
        }
    }

    private static boolean leadsTo(Path file, String socket) {
        try {
            return Files.readSymbolicLink(file).toString().equals(socket);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
