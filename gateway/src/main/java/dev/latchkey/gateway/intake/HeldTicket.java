package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.protocol.ServeTicket;
import java.time.Instant;

/** A verified serve ticket with what has to be known of it without decoding it. On disk {@code not-after, signer, name, 0, ticket}. */
record HeldTicket(long notAfterMillis, KeyId signer, String name, Bytes ticket) {
    private static final int NAME_AT = Long.BYTES + KeyId.SIZE;

    static HeldTicket decode(Bytes row) {
        int nameEnd = NAME_AT;
        while (row.get(nameEnd) != 0) {
            nameEnd++;
        }
        return new HeldTicket(
                Key.lastNumber(row.slice(0, Long.BYTES)),
                new KeyId(row.slice(Long.BYTES, NAME_AT)),
                row.slice(NAME_AT, nameEnd).toUtf8(),
                row.slice(nameEnd + 1, row.size()));
    }

    Bytes encode() {
        return Key.start()
                .number(notAfterMillis)
                .bytes(signer.value())
                .name(name)
                .bytes(ticket)
                .end();
    }

    /** Whether it was good at a moment, milliseconds since 1970. */
    boolean isGoodAt(long momentMillis) {
        return ServeTicket.isGoodAt(Instant.ofEpochMilli(notAfterMillis), Instant.ofEpochMilli(momentMillis));
    }
}
