package dev.latchkey.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM's class data archive made, from which the next start takes its classes instead of reading and checking them
 * anew. The launcher names the file and has this JVM write down its classes beside it; some time after the start a process
 * of its own makes the archive from them, since a JVM that fails at that ends. Without an archive, or with one of other
 * jars or another JDK, a start takes longer and is otherwise the same.
 */
final class ClassArchive implements AutoCloseable {
    private static final String FILE = "latchkey.archive";
    private static final String CLASSES = "latchkey.archive.classes";
    /** What this process has mapped, with each file's path at the end of its lines (Linux). */
    private static final Path MAPPED = Path.of("/proc/self/maps");

    private static final Duration AFTER = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int KEPT = 3;

    /**
     * Lambdas are archived of those only who are sure to be archived themselves: JDK 17 crashes over one of a class from a
     * signed jar, or from before Java 6.
     */
    private static final String LAMBDA = "@lambda-proxy ";

    private static final List<String> SURE = List.of("java/", "jdk/", "dev/latchkey/");

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

    private final Path file;
    private final Path classes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private ClassArchive(Path file, Path classes) {
        this.file = file;
        this.classes = classes;
        thread = new Thread(this::run, "class-archive");
        thread.setDaemon(true);
    }

    /** Has it made later, if the launcher asks for it; one that is there and of no use is deleted. */
    static Optional<ClassArchive> makeLater() {
        String file = System.getProperty(FILE);
        String classes = System.getProperty(CLASSES);
        if (file == null) {
            return Optional.empty();
        }
        if (classes == null) {
            forgetUnlessUsed(Path.of(file), MAPPED);
            return Optional.empty();
        }
        ClassArchive archive = new ClassArchive(Path.of(file), Path.of(classes));
        archive.thread.start();
        return Optional.of(archive);
    }

    /** One that this JVM was given and did not take is damaged or of another kind: the next start has a new one made. */
    static void forgetUnlessUsed(Path file, Path mapped) {
        try (Stream<String> lines = Files.lines(mapped)) {
            String place = file.toRealPath().toString();
            if (lines.noneMatch(line -> line.endsWith(" " + place))) {
                Files.delete(file);
                LOG.info("the class archive could not be used; the next start has a new one made");
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("whether the class archive is used cannot be told", e);
        }
    }

    private void run() {
        Path list = classes.resolveSibling(classes.getFileName() + ".sure");
        Path made = classes.resolveSibling(classes.getFileName() + ".made");
        try {
            if (closed.await(AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            Files.write(list, sure(Files.readAllLines(classes)));
            if (dumped(list, made)) {
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
                LOG.info("the next start takes its classes from an archive");
                forgetOthers();
            } else {
                LOG.info("no class archive was made; starts take a little longer");
            }
        } catch (IOException e) {
            LOG.debug("no class archive was made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            remove(list);
            remove(made);
            remove(classes);
        }
    }

    /** The last line may have been written in part. */
    static List<String> sure(List<String> lines) {
        return lines.stream()
                .limit(Math.max(0, lines.size() - 1L))
                .filter(line -> !line.startsWith(LAMBDA)
                        || SURE.stream().anyMatch(start -> line.startsWith(start, LAMBDA.length())))
                .toList();
    }

    /** In a process of its own, which gets what time the others leave. */
    private boolean dumped(Path list, Path made) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + made,
                        "-XX:ErrorFile=/dev/null",
                        "-XX:-CreateCoredumpOnCrash",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"))
                .directory(file.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long end = System.nanoTime() + LONGEST.toNanos();
            while (process.isAlive() && System.nanoTime() - end < 0) {
                if (closed.await(100, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return !process.isAlive() && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Of earlier jars and other JDKs, all but the newest. */
    private void forgetOthers() throws IOException {
        try (Stream<Path> found = Files.list(file.getParent())) {
            found.filter(path -> path.toString().endsWith(".jsa"))
                    .sorted(Comparator.comparing((Path path) -> path.toFile().lastModified())
                            .reversed())
                    .skip(KEPT)
                    .forEach(ClassArchive::remove);
        }
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("a file of the class archive stays", e);
        }
    }

    /** One that is being made is given up. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
