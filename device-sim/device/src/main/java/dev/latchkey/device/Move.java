package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.ChainId;
import java.util.List;

/**
 * A move that is under way, on the disk from before its first transaction is sent until its last one is applied: {@code
 * ["latchkey device move", 1, from chain id, name there, to chain id, chain name, name there, deadline ms, bstr
 * relocate-out]}. How far it has come is for the two chains to say.
 *
 * @param from the chain that the member sets out from
 * @param nameFrom its name there
 * @param to the chain that it goes to
 * @param toName that chain's name
 * @param nameTo the name it will have there
 * @param deadlineMillis header time before which it must have arrived
 * @param out the signed relocate-out
 */
record Move(ChainId from, String nameFrom, ChainId to, String toName, String nameTo, long deadlineMillis, Bytes out) {
    static final int MAX_BYTES = 4_096;

    private static final String FORMAT = "latchkey device move";
    private static final int VERSION = 1;
    private static final int MAX_NAME_BYTES = 64;

    Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(from.bytes()),
                Cbor.text(nameFrom),
                Cbor.bytes(to.bytes()),
                Cbor.text(toName),
                Cbor.text(nameTo),
                Cbor.uint(deadlineMillis),
                Cbor.bytes(out)));
    }

    static Move decode(Bytes encoded) throws DeviceException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(9);
            if (!parts.get(0).asText(MAX_NAME_BYTES).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                throw new DeviceException(DeviceException.Kind.STORE, "not a device's move, or of another version");
            }
            return new Move(
                    chain(parts.get(2)),
                    parts.get(3).asText(MAX_NAME_BYTES),
                    chain(parts.get(4)),
                    parts.get(5).asText(MAX_NAME_BYTES),
                    parts.get(6).asText(MAX_NAME_BYTES),
                    parts.get(7).asUint(),
                    parts.get(8).asBytes());
        } catch (MalformedCborException e) {
            throw Failures.store(e);
        }
    }

    private static ChainId chain(Item item) throws MalformedCborException {
        return new ChainId(Digest.of(item.asBytes(Digest.SIZE)));
    }
}
