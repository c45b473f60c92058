package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * States of which nobody may ever be given an older one, each under a key: what a sender of sealed readings resumes from,
 * where an older state would be a nonce used twice. A state comes back only if it is provably the last that was kept; else
 * it is as if there had been none, and is erased. Used by one thread at a time, in a directory that is locked for this
 * process.
 *
 * <p>Each state lies in a file, and beside it, in another directory, a mark of what that file is:
 *
 * <pre>
 * STATES/NAME  [ "latchkey counter", 1, key: text, state: bytes ]
 * MARKS/NAME   [ "latchkey counter mark", 1, boot: text, stamp: text, SHA-256 of the file ]
 * </pre>
 *
 * NAME is the first 16 bytes of the key's SHA-256, in hexadecimal. The state is written first, then the mark, each whole
 * and on the disk before the next step ({@link AtomicFile}). A state is given out if its mark is, byte for byte, the one
 * that would be written for it now. So it is not if it was
 *
 * <ul>
 *   <li>cut off, changed or exchanged for another generation or another key's: its SHA-256 or its key is another;
 *   <li>copied, restored from a backup, or written over with bytes of before, even together with its mark: its stamp
 *       ({@link Disk#stamp}) is another, since no program can set the time of a file's last change,
 *       short of meeting its nanosecond with the machine's clock;
 *   <li>kept before the machine was last started: the boot is another. A disk that was copied as a whole comes up under
 *       another boot too, and so does one that lost what it had promised to hold;
 *   <li>caught by a crash between state and mark: that costs a new session, too.
 * </ul>
 *
 * <p>While it is in use, each state must find the one before it where it was left, or it is not kept: so a directory that
 * was moved aside under a running process, and replaced by a copy, holds the last state of what it had. And no state is
 * kept twice in one process: who would keep one again is a second user of the state before it, and must not go on from it.
 *
 * <p>What cannot be noticed is a machine put back as a whole to an earlier moment of the same boot, such as a snapshot of a
 * virtual machine with its memory, or a file system put back under a running machine by its own snapshots.
 */
public final class CounterFiles {
    /** Longest key, in bytes of UTF-8: 16 names of a member and a chain, and more. */
    public static final int MAX_KEY_BYTES = 2_048;

    /** Longest state. */
    public static final int MAX_STATE_BYTES = 4_096;

    private static final String FORMAT = "latchkey counter";
    private static final String MARK_FORMAT = "latchkey counter mark";
    private static final int VERSION = 1;
    private static final int MAX_FORMAT_BYTES = 64;
    private static final int MAX_RECORD_BYTES = MAX_KEY_BYTES + MAX_STATE_BYTES + 128;
    private static final int MAX_MARK_BYTES = 512;
    private static final int NAME_BYTES = 16;

    private final Disk disk;
    private final Path states;
    private final Path marks;
    private final Supplier<Optional<String>> boot;

    /** States remembered so that they are not kept again: those of 16 whole sessions, with 256 each. */
    private static final int MAX_SEEN = 4_096;

    /** The records that this process kept. */
    private final Set<Digest> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > MAX_SEEN;
        }
    });

    /** The stamp of the state that this process left or found last, by name. */
    private final Map<String, String> left = new HashMap<>();

    /**
     * @param states where the states are, made when there is one
     * @param marks where the marks are, made when there is one
     * @param boot which run of the machine this is, if that is known: {@link MachineBoot#id}
     */
    public CounterFiles(Disk disk, Path states, Path marks, Supplier<Optional<String>> boot) {
        this.disk = disk;
        this.states = states;
        this.marks = marks;
        this.boot = boot;
    }

    /**
     * The state that was kept last under a key.
     *
     * @return empty if there is none, or if it is not proved to be the last; then it is erased
     */
    public Optional<Bytes> read(String key) {
        String name = name(key);
        Optional<Proved> proved = proved(name).filter(found -> found.key().equals(key));
        if (proved.isEmpty()) {
            eraseQuietly(name);
        }
        proved.ifPresent(found -> left.put(name, found.stamp()));
        return proved.map(Proved::state);
    }

    /**
     * Keeps a state in place of the one before. It is on the disk when this returns.
     *
     * @throws IOException if it could not be kept, if the one before is not where it was left, or if this very state was
     *     kept before; what is there nevertheless is given out later only if it is whole, and nobody has used what is
     *     beyond it
     */
    public void keep(String key, Bytes state) throws IOException {
        String name = name(key);
        Path file = states.resolve(name);
        Bytes record = Cbor.encode(
                Cbor.array(Cbor.text(FORMAT), Cbor.uint(VERSION), Cbor.text(checked(key)), Cbor.bytes(checked(state))));
        if (!seen.add(Digest.sha256(record))) {
            throw new IOException("a counter has two users");
        }
        String before = left.remove(name);
        if (before != null && !before.equals(disk.stamp(file).orElse(""))) {
            throw new IOException("a counter in use was taken away or changed");
        }
        PrivateDirectory.make(disk, states);
        PrivateDirectory.make(disk, marks);
        AtomicFile.write(disk, file, record, AtomicFile.Mode.PRIVATE);
        Optional<String> stamp = disk.stamp(file);
        AtomicFile.write(disk, marks.resolve(name), mark(stamp.orElse(""), record), AtomicFile.Mode.PRIVATE);
        stamp.ifPresent(is -> left.put(name, is));
    }

    /** Erases what is kept under a key. */
    public void drop(String key) throws IOException {
        erase(name(key));
    }

    /** Erases everything. */
    public void dropAll() throws IOException {
        left.clear();
        for (Path folder : List.of(marks, states)) {
            for (Path file : files(folder)) {
                disk.delete(file);
            }
        }
    }

    /** Erases what was kept last before a moment, but for what is kept under one key. */
    public void dropBefore(Instant moment, String exceptFor) throws IOException {
        for (Path file : files(states)) {
            String name = file.getFileName().toString();
            if (!name.equals(name(exceptFor))
                    && Files.getLastModifiedTime(file).toInstant().isBefore(moment)) {
                erase(name);
            }
        }
    }

    /**
     * Erases what will never be given out, and what writers left that a crash caught, as far as that is possible. Before
     * the first use.
     */
    public void sweep() {
        for (Path folder : List.of(marks, states)) {
            try {
                for (Path file : files(folder)) {
                    if (proved(file.getFileName().toString()).isEmpty()) {
                        disk.delete(file);
                    }
                }
            } catch (IOException e) {
                // What stays has no proof and is never given out.
                continue;
            }
        }
    }

    private record Proved(String key, Bytes state, String stamp) {}

    private Optional<Proved> proved(String name) {
        try {
            Bytes mark = AtomicFile.read(marks.resolve(name), MAX_MARK_BYTES);
            Bytes record = AtomicFile.read(states.resolve(name), MAX_RECORD_BYTES);
            Optional<String> stamp = disk.stamp(states.resolve(name));
            if (stamp.isEmpty() || boot.get().isEmpty() || !mark.equals(mark(stamp.get(), record))) {
                return Optional.empty();
            }
            List<Item> parts = Cbor.decode(record, MAX_RECORD_BYTES).asArray(4);
            if (!parts.get(0).asText(MAX_FORMAT_BYTES).equals(FORMAT)
                    || parts.get(1).asUint() != VERSION) {
                return Optional.empty();
            }
            Proved found = new Proved(
                    parts.get(2).asText(MAX_KEY_BYTES), parts.get(3).asBytes(0, MAX_STATE_BYTES), stamp.get());
            return name(found.key()).equals(name) ? Optional.of(found) : Optional.empty();
        } catch (IOException | MalformedCborException e) {
            return Optional.empty();
        }
    }

    private Bytes mark(String stamp, Bytes record) {
        return Cbor.encode(Cbor.array(
                Cbor.text(MARK_FORMAT),
                Cbor.uint(VERSION),
                Cbor.text(boot.get().orElse("")),
                Cbor.text(stamp),
                Cbor.bytes(Digest.sha256(record).bytes())));
    }

    /** The mark first: a state without one is never given out. */
    private void erase(String name) throws IOException {
        left.remove(name);
        disk.delete(marks.resolve(name));
        disk.delete(states.resolve(name));
    }

    private void eraseQuietly(String name) {
        try {
            erase(name);
        } catch (IOException e) {
            // It stays without proof, and the next state takes its place.
            return;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    static String name(String key) {
        return Digest.sha256(Bytes.utf8(key)).bytes().slice(0, NAME_BYTES).toHex();
    }

    private static String checked(String key) {
        if (Bytes.utf8(key).size() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a counter's key is too long");
        }
        return key;
    }

    private static Bytes checked(Bytes state) {
        if (state.size() > MAX_STATE_BYTES) {
            throw new IllegalArgumentException("a counter's state is too long");
        }
        return state;
    }
}
