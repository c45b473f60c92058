package dev.latchkey.sim.process;

import dev.latchkey.console.UsageFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands of this checkout, on the Java that runs this process and on what is built now; safe for use by many
 * threads.
 *
 * @param script the launcher
 */
public record Launcher(Path script) {
    /** Of what a command that ended prints: more than any of ours has to say. */
    private static final int MAX_OUTPUT = 1 << 20;

    /** What a command printed and how it ended. */
    public record Result(int exitCode, String output, String errors) {}

    /**
     * The launcher that started this process.
     *
     * @throws UsageFault if it was started without
     */
    public static Launcher current() {
        String script = System.getProperty("latchkey.launcher");
        if (script == null) {
            throw new UsageFault("this command starts other roles: run it through the launcher, latchkey");
        }
        return new Launcher(Path.of(script));
    }

    /** The process of a command, not started yet. It finds the right Java and never builds. */
    public ProcessBuilder process(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put(
                        "LATCHKEY_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("LATCHKEY_NO_BUILD", "1");
        return builder;
    }

    /**
     * Runs a command to its end.
     *
     * @throws IOException if it did not end in time; it is stopped then
     */
    public Result run(Duration longest, List<String> arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("latchkey-out-", ".txt");
        Path errors = Files.createTempFile("latchkey-err-", ".txt");
        Process process = null;
        try {
            process = process(arguments)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("latchkey " + arguments.get(0) + " did not end in time");
            }
            return new Result(process.exitValue(), text(output), text(errors));
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_OUTPUT) {
            throw new IOException("a command printed more than it can have to say");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
