package dev.latchkey.cloud;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace of Linux for each node, with one network between the nodes and another one to whoever runs the test.
 * A node that is cut off hears nothing of the others, and is not told. Needs root and iproute2. For one thread.
 */
final class Namespaces implements AutoCloseable {
    private static final int SIZE = ProcessCluster.SIZE;

    /** Names of network devices are short; two tests of one machine must not meet. */
    private final String tag = "lk" + Long.toString(ProcessHandle.current().pid() % 46_656, 36);

    private final int subnet = (int) (ProcessHandle.current().pid() % 120) * 2;

    private Namespaces() {}

    /** Nothing where this process may not make any. */
    static Optional<Namespaces> made() throws IOException, InterruptedException {
        Namespaces made = new Namespaces();
        if (made.build()) {
            return Optional.of(made);
        }
        made.close();
        return Optional.empty();
    }

    private boolean build() throws IOException, InterruptedException {
        boolean done = ip("link add " + bridge(0) + " type bridge") && ip("link add " + bridge(1) + " type bridge");
        for (int net = 0; done && net < 2; net++) {
            done = ip("link set " + bridge(net) + " up");
        }
        done = done && ip("addr add " + address(1, SIZE) + "/24 dev " + bridge(1));
        for (int node = 0; done && node < SIZE; node++) {
            done = ip("netns add " + name(node))
                    && ip("-n " + name(node) + " link set lo up")
                    && join(node, 0)
                    && join(node, 1);
        }
        return done;
    }

    private boolean join(int node, int net) throws IOException, InterruptedException {
        String in = "-n " + name(node) + " ";
        return ip("link add " + port(node, net) + " type veth peer name eth" + net + " netns " + name(node))
                && ip("link set " + port(node, net) + " master " + bridge(net) + " up")
                && ip(in + "addr add " + address(net, node) + "/24 dev eth" + net)
                && ip(in + "link set eth" + net + " up");
    }

    private String name(int node) {
        return tag + "n" + node;
    }

    private String bridge(int net) {
        return tag + "b" + net;
    }

    private String port(int node, int net) {
        return tag + "p" + node + net;
    }

    private String address(int net, int host) {
        return "10.213." + (subnet + net) + "." + (host + 1);
    }

    /** Where the other nodes find a node. */
    String amongNodes(int node) {
        return address(0, node);
    }

    /** Where a test finds it. */
    String outside(int node) {
        return address(1, node);
    }

    /** What runs a command in the namespace of a node. */
    List<String> inside(int node) {
        return List.of("ip", "netns", "exec", name(node));
    }

    void cutOff(int node) throws IOException, InterruptedException {
        must("link set " + port(node, 0) + " nomaster");
    }

    void heal() throws IOException, InterruptedException {
        for (int node = 0; node < SIZE; node++) {
            must("link set " + port(node, 0) + " master " + bridge(0));
        }
    }

    private static void must(String line) throws IOException, InterruptedException {
        if (!ip(line)) {
            throw new IOException("ip " + line);
        }
    }

    private static boolean ip(String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(line.split(" ")));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (int node = 0; node < SIZE; node++) {
                ip("netns del " + name(node)); // and with it what leads there
            }
            ip("link del " + bridge(0));
            ip("link del " + bridge(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("network namespaces are left over", e);
        }
    }
}
