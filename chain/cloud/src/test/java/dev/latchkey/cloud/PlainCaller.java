package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** HTTP/1.1 by hand over TLS, for requests that no client library sends. For one thread. */
final class PlainCaller implements AutoCloseable {
    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_BODY = 64 << 20;
    private static final int PATIENCE_MILLIS = 40_000;

    private final SSLContext context;
    private final InetSocketAddress server;
    private SSLSocket socket;

    /** An answer; a stream that stays open has no body. */
    record Reply(int status, Map<String, String> headers, Bytes body) {
        String type() {
            return headers.getOrDefault("content-type", "");
        }
    }

    PlainCaller(SSLContext context, InetSocketAddress server) {
        this.context = context;
        this.server = server;
    }

    /** A socket with TLS, over which nothing was said. */
    SSLSocket connected() throws IOException {
        SSLSocket made = (SSLSocket) context.getSocketFactory().createSocket();
        made.connect(server);
        made.setSoTimeout(PATIENCE_MILLIS);
        made.setTcpNoDelay(true);
        return made;
    }

    /** Sends these bytes on the connection kept, or on a new one where that is gone, and reads an answer. */
    Reply send(Bytes request) throws IOException {
        boolean kept = socket != null;
        try {
            return attempt(request);
        } catch (IOException e) {
            close();
            if (!kept || e instanceof java.net.SocketTimeoutException) {
                throw e;
            }
            return attempt(request); // the server had closed it after the answer before
        }
    }

    private Reply attempt(Bytes request) throws IOException {
        if (socket == null) {
            socket = connected();
        }
        socket.getOutputStream().write(request.toArray());
        socket.getOutputStream().flush();
        Reply reply = read(socket.getInputStream());
        boolean endless = reply.headers().containsKey("transfer-encoding");
        if (endless || "close".equals(reply.headers().get("connection"))) {
            close();
        }
        return reply;
    }

    private static Reply read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        if (first.length < 2 || !first[0].equals("HTTP/1.1")) {
            throw new IOException("no answer: " + first[0]);
        }
        int status = Integer.parseInt(first[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] parts = line.split(": *", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length > MAX_BODY) {
            throw new IOException("an answer of " + length + " bytes");
        }
        return new Reply(status, headers, Bytes.wrap(in.readNBytes(length)));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed");
            }
            if (line.size() > MAX_LINE) {
                throw new IOException("a line without end");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            SSLSocket old = socket;
            socket = null;
            old.close();
        }
    }
}
