package dev.latchkey.sim.demo;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Logging;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey demo}: a network on this machine, from its first key to the last reading. */
@Command(
        name = "demo",
        header = "A whole network on this machine: cloud node, gateway, handhelds, real readings.",
        description = {
            "Makes a network in a fresh directory, runs a cloud node and a gateway as processes, and lets handhelds join,"
                    + " prove each other's keys and send real weather observations, sealed end to end. Recipients open"
                    + " them and compare every value with its source. All of it stops with the demo."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  every reading was opened by its recipient and equals its source",
            "  1  some did not; it says which, and the directory stays",
            "  2  the options do not go together",
            "  130  ended by Ctrl-C; the directory stays",
            "",
            "Examples:",
            "  latchkey demo",
            "  latchkey demo --devices 100 --readings 5000",
            "  latchkey demo --seed 7 --keep",
            "  latchkey demo --data /tmp/city    (a directory that is kept)"
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private FleetOptions options;

    @Option(names = "--keep", description = "keep the directory with keys, stores and logs")
    private boolean keep;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "an empty or new directory to work in, which is kept (a temporary one, removed on success)")
    private Path data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        Launcher launcher = Launcher.current();
        Path directory = directory();
        Logging.toFile(directory.resolve("demo.log"), "info");
        boolean removable = data == null && !keep;
        boolean fulfilled = new Demo(Screen.standard(), launcher, directory, options, removable).run();
        return fulfilled ? Cli.OK : Cli.FAILED;
    }

    private Path directory() throws IOException {
        if (data == null) {
            return Files.createTempDirectory("latchkey-demo-");
        }
        Path directory = data.toAbsolutePath().normalize();
        if (Files.exists(directory) && !isEmptyDirectory(directory)) {
            throw new UsageFault("--data " + data + " is not an empty directory");
        }
        return Files.createDirectories(directory);
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }
}
