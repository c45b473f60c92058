package dev.latchkey.gateway.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A mounted file system that forgets what was not synced; {@code cut_disk.py} beside this class's resources is it. */
public final class CutDisk implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    private final Path mount;
    private final Process process;

    private CutDisk(Path mount, Process process) {
        this.mount = mount;
        this.process = process;
    }

    /** Why there can be none on this machine. */
    public static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isWritable(Path.of("/dev/fuse"))) {
            return Optional.of("no /dev/fuse that may be opened");
        }
        if (ran("fusermount", "-V") != 0) {
            return Optional.of("no fusermount (Debian's fuse)");
        }
        return ran(PYTHON, "-c", "import fusepy") == 0
                ? Optional.empty()
                : Optional.of("no fusepy (Debian's python3-fusepy)");
    }

    /**
     * Mounts an empty one.
     *
     * @param directory an empty directory is made in it
     * @param bytes its size
     */
    public static CutDisk mount(Path directory, long bytes) throws IOException {
        Path mount = Files.createDirectory(directory.resolve("disk"));
        Path program = directory.resolve("cut_disk.py");
        try (InputStream source = CutDisk.class.getResourceAsStream("cut_disk.py")) {
            Files.copy(source, program);
        }
        Process process = new ProcessBuilder(PYTHON, program.toString(), mount.toString(), Long.toString(bytes))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!"READY".equals(out.readLine())) {
            process.destroyForcibly();
            throw new IOException("the file system cannot be mounted");
        }
        return new CutDisk(mount, process);
    }

    public Path path() {
        return mount;
    }

    /** The power goes and comes back; nobody may have a file open. */
    public void cut(long seed) throws IOException {
        Files.write(mount.resolve(".cut"), Long.toString(seed).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        try {
            ran("fusermount", "-u", "-z", mount.toString());
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int ran(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
