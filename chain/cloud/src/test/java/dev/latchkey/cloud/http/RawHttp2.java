package dev.latchkey.cloud.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** HTTP/2 frame by frame (RFC 9113, section 4), for what no client library does. For one thread. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int INITIAL_WINDOW = 4;

    private final SSLSocket socket;
    private final OutputStream out;
    private final DataInputStream in;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {}

    RawHttp2(SSLContext context, InetSocketAddress server, Duration patience) throws IOException {
        socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(server);
        socket.setSoTimeout((int) patience.toMillis());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    void send(int type, int flags, int stream, byte... payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
    }

    /** A setting and its value. */
    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    /** A code of an error, or another number of four bytes. */
    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** The headers of a request (RFC 7541, appendix A: 2 is GET, 3 is POST, 7 https, 4 a path, 1 an authority). */
    static byte[] request(boolean post, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(post ? 0x83 : 0x82);
        block.write(0x87);
        block.write(0x04);
        block.write(path.length());
        block.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
        block.writeBytes(new byte[] {0x01, 1, 'a'});
        return block.toByteArray();
    }

    /** A header that nobody knows, with a value of so many bytes, at most 127. */
    static byte[] header(int size) {
        ByteBuffer field = ByteBuffer.allocate(4 + size);
        field.put(new byte[] {0x00, 1, 'x', (byte) size});
        while (field.hasRemaining()) {
            field.put((byte) 'y');
        }
        return field.array();
    }

    Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    /** Reads until the server has ended the connection; whether it did. */
    boolean isEnded() {
        try {
            while (read().type() != GOAWAY) {
                // answers to what came before
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
