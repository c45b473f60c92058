package dev.latchkey.cloud;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node in a process of its own.
 *
 * @param log what it prints to standard error
 */
record ForkedCloud(Process process, InetSocketAddress address, Path log) {
    private static final Pattern LEADS = Pattern.compile("in service: .*leadMillis=([0-9]+)");

    /** Starts it with the settings file of a directory, and waits until it is in service. */
    static ForkedCloud start(Path directory) throws IOException {
        Process process = launch(directory);
        Path log = directory.resolve("log");
        String ready = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        if (ready == null || !ready.startsWith("READY https=127.0.0.1:")) {
            process.destroyForcibly();
            throw new IOException("the node did not start: " + Files.readString(log));
        }
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        return new ForkedCloud(process, new InetSocketAddress("127.0.0.1", port), log);
    }

    /** Only starts the process. */
    static Process launch(Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CloudProcess.FEWER_SECONDS);
        command.addAll(List.of("-cp", CloudProcess.classPath(), CloudMain.class.getName(), "cloud"));
        command.addAll(List.of("--config", directory.resolve("cloud.conf").toString(), "--stop-with-stdin"));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("log").toFile())
                .start();
    }

    /** How long after the start of its Raft server it led, in milliseconds, as it says itself. */
    long leadMillis() throws IOException {
        Matcher found = LEADS.matcher(Files.readString(log));
        if (!found.find()) {
            throw new IOException("the log does not say when the node led");
        }
        return Long.parseLong(found.group(1));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int terminate() throws InterruptedException {
        process.toHandle().destroy(); // the process's own destroy would close its standard input as well
        return process.waitFor();
    }
}
