package dev.latchkey.gateway.job;

import dev.latchkey.gateway.store.Store;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A copy of the store and the settings in a directory of its own, which may be another disk. It holds {@code data}, a
 * data directory, {@code gateway.conf}, the settings as they counted, and {@code SHA256SUMS}, which {@code sha256sum -c}
 * checks. It has its name only once all of it is on the disk. Keys and the enrolment secret are not in it.
 */
public final class Backup implements JobWork {
    static final String MANIFEST = "SHA256SUMS";
    private static final String PARTIAL = ".partial";
    private static final String DATA = "data";
    private static final int CHUNK = 1 << 16;
    /** What stays free on the disk of the backup, in bytes. */
    private static final long RESERVE = 64L << 20;

    private final Store store;
    private final Path directory;
    private final Supplier<String> settings;
    private final Clock clock;

    /**
     * Makes it ready.
     *
     * @param directory where backups go; made when it is not there
     * @param settings the settings as a file
     */
    public Backup(Store store, Path directory, Supplier<String> settings, Clock clock) {
        this.store = store;
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException {
        PrivateDirectory.make(directory);
        Path linked = store.directory().resolve("backup" + PARTIAL);
        String name = CopyName.at(clock, directory);
        Path made = directory.resolve(name + PARTIAL);
        StoreCopy.remove(linked);
        try {
            progress.message("copying the store");
            StoreCopy.make(store, linked, progress);
            copy(linked, made, progress);
            Path whole = directory.resolve(name);
            Files.move(made, whole, StandardCopyOption.ATOMIC_MOVE);
            StoreCopy.sync(directory);
            return "in " + whole;
        } finally {
            StoreCopy.remove(linked);
            StoreCopy.remove(made);
        }
    }

    private void copy(Path from, Path to, Progress progress) throws IOException, JobCancelledException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        if (Files.getFileStore(directory).getUsableSpace() < total + RESERVE) {
            throw new IOException("not enough room in " + directory);
        }
        progress.total(total);
        Map<String, String> digests = new TreeMap<>();
        long done = 0;
        for (Path file : files) {
            Path target = to.resolve(DATA).resolve(from.relativize(file).toString());
            PrivateDirectory.make(target.getParent());
            digests.put(to.relativize(target).toString(), copyFile(file, target, done, progress));
            done += Files.size(file);
        }
        String text = settings.get();
        StoreCopy.write(to.resolve("gateway.conf"), text);
        digests.put("gateway.conf", HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
        StringBuilder manifest = new StringBuilder();
        digests.forEach((file, digest) ->
                manifest.append(digest).append("  ").append(file).append('\n'));
        StoreCopy.write(to.resolve(MANIFEST), manifest.toString());
        try (Stream<Path> all = Files.walk(to)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                StoreCopy.sync(each);
            }
        }
    }

    private static String copyFile(Path from, Path to, long before, Progress progress)
            throws IOException, JobCancelledException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        long done = before;
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                progress.check();
                digest.update(chunk, 0, read);
                out.write(chunk, 0, read);
                done += read;
                progress.done(done);
            }
        }
        StoreCopy.sync(to);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
