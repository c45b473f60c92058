package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Row;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cloud.store.StoreFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Changes what lies in the store of a node that does not run. Stateless. */
final class PlantedFlips {
    private static final StoreFormat CHAINS = new StoreFormat("latchkey-chains", 2);
    private static final List<String> CHAIN_FAMILIES = List.of("blocks", "records", "meta");
    private static final StoreFormat MAILBOXES = new StoreFormat("latchkey-mailboxes", 2, 2);
    private static final List<String> MAILBOX_FAMILIES =
            List.of("boxes", "messages", "contents", "networks", "epochs", "tickets", "meta");

    private PlantedFlips() {}

    static Store chains(Path directory) throws IOException {
        return Store.open(directory, CHAINS, CHAIN_FAMILIES);
    }

    static Store mailboxes(Path directory) throws IOException {
        return Store.open(directory, MAILBOXES, MAILBOX_FAMILIES);
    }

    /** The rows of a family, in order. */
    static List<Row> rows(Store store, String family) {
        List<Row> rows = new ArrayList<>();
        byte[] last = new byte[256];
        java.util.Arrays.fill(last, (byte) 0xff);
        store.scan(family, Bytes.EMPTY, Bytes.wrap(last), (key, value) -> rows.add(new Row(key, value)));
        return rows;
    }

    /** Writes a row anew, as a store does whose memory had a fault: with the checksums of what is wrong. */
    static void change(Store store, String family, int row, UnaryOperator<Bytes> change) {
        Row old = rows(store, family).get(row);
        store.write(new Batch().put(family, old.key(), change.apply(old.value())));
    }

    /** The last bit of a value the other way. */
    static Bytes lastBit(Bytes value) {
        byte[] bytes = value.toArray();
        bytes[bytes.length - 1] ^= 1;
        return Bytes.wrap(bytes);
    }

    /** Flips one bit of the file in which a value lies, as a disk does: no checksum fits any more. */
    static void inFile(Path directory, Bytes value) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("rocks"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sst")).toList()) {
                String whole = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                int at = whole.indexOf(new String(value.toArray(), StandardCharsets.ISO_8859_1));
                if (at >= 0) {
                    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                        bytes.seek(at + value.size() - 1);
                        int before = bytes.read();
                        bytes.seek(at + value.size() - 1);
                        bytes.write(before ^ 1);
                    }
                    return;
                }
            }
        }
        throw new IOException("the value is in no file");
    }

    static void copy(Path from, Path to) throws IOException {
        remove(to);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
