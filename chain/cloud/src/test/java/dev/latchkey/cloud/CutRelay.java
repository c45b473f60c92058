package dev.latchkey.cloud;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Hands on connections to one port, and lets those of some senders vanish for a while: what is sent is swallowed, nothing
 * comes back, and nobody is told. Thread-safe.
 */
final class CutRelay implements Closeable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Predicate<Socket> cut;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    /**
     * A relay that begins at once.
     *
     * @param cut whether now nothing passes on a connection, given the sender's end of it
     */
    CutRelay(int port, int targetPort, Predicate<Socket> cut) throws IOException {
        this.server = new ServerSocket(port, 64, InetAddress.getByName("127.0.0.1"));
        this.target = new InetSocketAddress("127.0.0.1", targetPort);
        this.cut = cut;
        thread(this::accept);
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Link link = new Link(server.accept());
                links.add(link);
                thread(link::open);
            } catch (IOException e) {
                continue; // closed, or a sender that went away at once
            }
        }
    }

    /** Ends the connections on which something vanished, as their ends do not agree any more. */
    void heal() {
        links.stream().filter(link -> link.damaged).forEach(Link::close);
    }

    @Override
    public void close() throws IOException {
        server.close();
        links.forEach(Link::close);
    }

    private final class Link {
        private final Socket near;
        private final Socket far = new Socket();
        private volatile boolean damaged;

        private Link(Socket near) {
            this.near = near;
        }

        private void open() {
            try {
                if (cut.test(near)) {
                    damaged = true;
                    near.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                far.connect(target, 2_000);
                thread(() -> pump(far, near));
                pump(near, far);
            } catch (IOException e) {
                close();
            }
        }

        private void pump(Socket from, Socket to) {
            byte[] buffer = new byte[16 << 10];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                    damaged |= cut.test(near);
                    if (!damaged) {
                        out.write(buffer, 0, count);
                    }
                }
            } catch (IOException e) {
                close(); // one end is gone, and so the other
            }
            close();
        }

        private void close() {
            links.remove(this);
            for (Socket socket : new Socket[] {near, far}) {
                try {
                    socket.close();
                } catch (IOException e) {
                    continue; // it is closed
                }
            }
        }
    }
}
