package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.ClockUtil;

/**
 * From a stopped server's connections to {@link SavedConnections} and back; stateless. The form:
 *
 * <pre>
 * version 1, uint16 | length of the server's connection IDs, uint8 | its kid, 8 bytes
 * moment by the wall clock in ms, int64 | the same by the machine's own clock in ns, int64
 * number of the last notification, int32
 * count, int32 | count * (connection ID: uint8 length, bytes | observing request as CoAP message: uint16 length, bytes)
 * Scandium's connections, to the end
 * </pre>
 */
final class ConnectionArchive {
    private static final int VERSION = 1;

    private ConnectionArchive() {}

    /** An observation: whose, and the request that began it as a CoAP message (RFC 7252, section 3). */
    record Observing(Bytes connectionId, Bytes request) {}

    /** What stands in an archive beside the connections, which go to the connector. */
    record Content(int notificationNumber, List<Observing> observing) {}

    /**
     * Takes the connections out of a connector that has stopped.
     *
     * @param content taken from the server before it stopped
     */
    static SavedConnections save(ServerConnector stopped, int connectionIdLength, CoseKey identity, Content content)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(VERSION);
        out.writeByte(connectionIdLength);
        out.write(identity.kid().value().toArray());
        out.writeLong(System.currentTimeMillis());
        out.writeLong(ClockUtil.nanoRealtime());
        out.writeInt(content.notificationNumber());
        out.writeInt(content.observing().size());
        for (Observing one : content.observing()) {
            out.writeByte(one.connectionId().size());
            out.write(one.connectionId().toArray());
            out.writeShort(one.request().size());
            out.write(one.request().toArray());
        }
        stopped.save(out, Long.MAX_VALUE);
        return new SavedConnections(Bytes.wrap(bytes.toByteArray()));
    }

    /**
     * Puts the connections into a connector that has not started.
     *
     * @throws IOException if the archive is of another form, of a server with another key or another length of connection
     *     IDs, or damaged; the connector then has no connections
     */
    static Content load(SavedConnections saved, ServerConnector connector, int connectionIdLength, CoseKey identity)
            throws IOException {
        DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(saved.encoded().toArray()));
        if (in.readUnsignedShort() != VERSION) {
            throw new IOException("saved by another version");
        }
        if (in.readUnsignedByte() != connectionIdLength) {
            throw new IOException("saved with another length of connection IDs");
        }
        Bytes kid = identity.kid().value();
        if (!Bytes.wrap(in.readNBytes(kid.size())).equals(kid)) {
            throw new IOException("saved by a server with another key");
        }
        long passed = Math.max(0, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - in.readLong()));
        long shift = ClockUtil.nanoRealtime() - passed - in.readLong();
        int notificationNumber = in.readInt();
        int count = in.readInt();
        List<Observing> observing = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bytes connectionId = bytes(in, in.readUnsignedByte());
            observing.add(new Observing(connectionId, bytes(in, in.readUnsignedShort())));
        }
        try {
            connector.load(in, shift);
        } catch (IllegalArgumentException e) {
            throw new IOException("the saved connections are damaged", e);
        }
        return new Content(notificationNumber, observing);
    }

    private static Bytes bytes(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return Bytes.wrap(bytes);
    }
}
