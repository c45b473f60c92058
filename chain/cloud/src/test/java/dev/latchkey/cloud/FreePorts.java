package dev.latchkey.cloud;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for nodes that are stopped and started again. Below those that the system gives to outgoing connections. */
public final class FreePorts {
    private static final int FIRST = 10_500;
    private static final int END = 31_000;

    /** What was given in this process: its node may be down just now. */
    private static final Set<Integer> GIVEN = new HashSet<>(); // guarded by itself

    private FreePorts() {}

    /** So many ports of loopback that were free a moment ago, and that nobody else in this process was given. */
    public static List<Integer> take(int count) {
        List<Integer> found = new ArrayList<>();
        while (found.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                synchronized (GIVEN) {
                    if (GIVEN.add(port)) {
                        found.add(port);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
