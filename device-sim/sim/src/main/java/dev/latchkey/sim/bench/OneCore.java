package dev.latchkey.sim.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps this process, and what it starts, on one core until it is closed. Where the machine has no {@code taskset} it
 * changes nothing.
 */
final class OneCore implements AutoCloseable {
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final String before;
    private final boolean pinned;

    private OneCore(String before, boolean pinned) {
        this.before = before;
        this.pinned = pinned;
    }

    /** Moves to the last of the cores that the process may use. */
    static OneCore enter() throws InterruptedException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String allowed = lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElseThrow(IOException::new);
            String last = allowed.substring(Math.max(allowed.lastIndexOf(','), allowed.lastIndexOf('-')) + 1);
            return new OneCore(allowed, move(last));
        } catch (IOException e) {
            return new OneCore("", false);
        }
    }

    boolean pinned() {
        return pinned;
    }

    /** Moves another process to the cores that this one may not use now, if there are any. */
    void leaveOthersTo(long pid) throws IOException, InterruptedException {
        int last = Integer.parseInt(before.substring(Math.max(before.lastIndexOf(','), before.lastIndexOf('-')) + 1));
        if (pinned && last > 0) {
            move("0-" + (last - 1), pid);
        }
    }

    private static boolean move(String cores) throws IOException, InterruptedException {
        return move(cores, ProcessHandle.current().pid());
    }

    private static boolean move(String cores, long pid) throws IOException, InterruptedException {
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", cores, Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        try (InputStream out = taskset.getInputStream()) {
            new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().count();
        }
        return taskset.waitFor() == 0;
    }

    @Override
    public void close() throws IOException {
        try {
            if (pinned) {
                move(before);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
