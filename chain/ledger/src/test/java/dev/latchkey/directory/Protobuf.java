package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** As much of the wire format of protocol buffers as the vectors need: numbers are skipped, the rest is bytes. */
final class Protobuf {
    private final Bytes message;
    private int at;

    private Protobuf(Bytes message) {
        this.message = message;
    }

    /** The contents of all length-delimited fields of a number. */
    static List<Bytes> fields(Bytes message, int number) {
        Protobuf reader = new Protobuf(message);
        List<Bytes> found = new ArrayList<>();
        while (reader.at < message.size()) {
            int tag = reader.varint();
            if ((tag & 7) == 0) {
                reader.varint();
                continue;
            }
            if ((tag & 7) != 2) {
                throw new IllegalArgumentException("a wire type the vectors do not use");
            }
            int size = reader.varint();
            Bytes content = message.slice(reader.at, reader.at + size);
            reader.at += size;
            if (tag >>> 3 == number) {
                found.add(content);
            }
        }
        return found;
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = message.get(at++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
