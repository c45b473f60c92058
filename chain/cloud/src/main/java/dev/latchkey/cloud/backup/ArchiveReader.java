package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.Block;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * An archive item by item, with its sums checked on the way. For one thread. Nothing is known to be whole before {@link
 * #next} was empty.
 */
final class ArchiveReader implements Closeable {
    private static final int MAX_ITEM_BYTES = Block.MAX_BYTES + 64;
    private static final int SUM_BYTES = 32;

    private final CborSequence items;
    private final MessageDigest digest;
    private final ArchiveHeader header;
    private String place = "its beginning";
    private long bytes;
    private boolean ended;

    ArchiveReader(InputStream input) throws IOException, DamagedArchiveException {
        this.items = new CborSequence(input, MAX_ITEM_BYTES);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        Item first = read().orElseThrow(() -> new DamagedArchiveException("the file is empty"));
        this.header = ArchiveHeader.of(first);
        take(first);
    }

    ArchiveHeader header() {
        return header;
    }

    /** Bytes that were read. */
    long bytes() {
        return bytes;
    }

    /** What the items that come next belong to, in words. */
    void at(String words) {
        place = words;
    }

    /** The next item but sums; empty when the archive has ended as it should. */
    Optional<Item> next() throws IOException, DamagedArchiveException {
        while (true) {
            Item item = read().orElseThrow(() -> damaged("it ends too early"));
            int kind = kind(item);
            if (kind != Kind.SEAL && kind != Kind.END) {
                take(item);
                return Optional.of(item);
            }
            check(item);
            take(item);
            if (kind == Kind.END) {
                ended = true;
                if (read().isPresent()) {
                    throw new DamagedArchiveException("something follows the end of the backup");
                }
                return Optional.empty();
            }
        }
    }

    /** The number that an item begins with, or -1 for a block. */
    int kind(Item item) throws DamagedArchiveException {
        try {
            return item.kind() == Item.Kind.BYTES
                    ? -1
                    : item.asArray(2, 4).get(0).asUint(Kind.SEAL);
        } catch (MalformedCborException e) {
            throw damaged("something else stands where an item of a backup should");
        }
    }

    private void check(Item sum) throws DamagedArchiveException {
        try {
            MessageDigest sofar = (MessageDigest) digest.clone();
            Bytes said = sum.asArray(2).get(1).asBytes(SUM_BYTES);
            if (!said.equals(Bytes.wrap(sofar.digest()))) {
                throw damaged("its bytes are not those that were written");
            }
        } catch (MalformedCborException | CloneNotSupportedException e) {
            throw damaged("a sum is malformed");
        }
    }

    private Optional<Item> read() throws IOException, DamagedArchiveException {
        try {
            return items.next();
        } catch (MalformedCborException e) {
            throw ended
                    ? new DamagedArchiveException("something follows the end of the backup")
                    : damaged("an item is cut off or no CBOR");
        }
    }

    private void take(Item item) {
        byte[] encoded = Cbor.encode(item).toArray();
        bytes += encoded.length;
        digest.update(encoded);
    }

    DamagedArchiveException damaged(String why) {
        return new DamagedArchiveException("the backup is damaged at " + place + ": " + why);
    }

    /** The parts of an item, whose number was looked at. */
    List<Item> parts(Item item, int size) throws DamagedArchiveException {
        try {
            return item.asArray(size);
        } catch (MalformedCborException e) {
            throw damaged("an item has other parts than it should");
        }
    }

    @Override
    public void close() throws IOException {
        items.close();
    }
}
