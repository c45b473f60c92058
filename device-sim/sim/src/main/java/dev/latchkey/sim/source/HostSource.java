package dev.latchkey.sim.source;

import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the machine under the simulator measures of itself, as Linux tells it: temperatures in Cel from
 * {@code /sys/class/thermal} and {@code /sys/class/hwmon}, the load of one, five and fifteen minutes as the registry's
 * plain 1 ({@code /}) from {@code /proc/loadavg}, and total and available memory in B from {@code /proc/meminfo}. What
 * is absent or unreadable is left out. Immutable, for use by many threads; each sample reads the files anew.
 */
public final class HostSource {
    /** Of one machine: a pack of all of them stays within two kilobytes. */
    private static final int MAX_TEMPERATURES = 64;

    /** Of one file, in bytes. */
    private static final int MAX_FILE = 16 * 1_024;

    private static final String ONE = "/";
    private static final String BYTES = "B";
    private static final String CELSIUS = "Cel";
    private static final int MILLI = 3;
    private static final BigDecimal KIB = BigDecimal.valueOf(1_024);

    private static final Pattern MILLIDEGREES = Pattern.compile("-?[0-9]{1,7}");
    private static final Pattern LOAD =
            Pattern.compile("([0-9]{1,9}\\.[0-9]{1,9}) ([0-9]{1,9}\\.[0-9]{1,9}) ([0-9]{1,9}\\.[0-9]{1,9}) .*");
    private static final Pattern MEMORY = Pattern.compile("(MemTotal|MemAvailable): +([0-9]{1,15}) kB");

    private final Path root;

    private HostSource(Path root) {
        this.root = root;
    }

    /** The machine that this runs on. */
    public static HostSource ofThisMachine() {
        return of(Path.of("/"));
    }

    /** The machine whose {@code proc} and {@code sys} stand in a directory. */
    public static HostSource of(Path root) {
        return new HostSource(root);
    }

    /** What it is, in a few words for a person. */
    public String title() {
        return "this machine's temperatures, load and memory";
    }

    /**
     * Measures now.
     *
     * @param now the time the observation carries
     * @throws UnusableSourceException if the machine tells none of the figures
     * @throws IllegalArgumentException if no pack can carry the time
     */
    public Observation sample(Instant now) throws UnusableSourceException {
        List<Record> records = new ArrayList<>();
        addTemperatures("sys/class/thermal", "thermal_zone*", "temp", records);
        addTemperatures("sys/class/hwmon", "hwmon*", "temp*_input", records);
        addLoad(records);
        addMemory(records);
        if (records.isEmpty()) {
            throw UnusableSourceException.of(
                    root.toString(),
                    "this machine tells neither temperature nor load nor memory under proc and sys; replay a file instead",
                    null);
        }
        return new Observation("this machine", now, Pack.at(now, records.toArray(Record[]::new)));
    }

    private void addTemperatures(String directory, String devices, String files, List<Record> records) {
        for (Path device : matching(root.resolve(directory), devices)) {
            for (Path file : matching(device, files)) {
                Optional<String> text = text(file)
                        .map(String::strip)
                        .filter(found -> MILLIDEGREES.matcher(found).matches());
                if (text.isPresent() && records.size() < MAX_TEMPERATURES) {
                    records.add(
                            Record.of(name(device, file), CELSIUS, new BigDecimal(text.get()).movePointLeft(MILLI)));
                }
            }
        }
    }

    /** As the kernel calls it: {@code thermal_zone0}, {@code hwmon1/temp2}. */
    private static String name(Path device, Path file) {
        String sensor = file.getFileName().toString();
        return device.getFileName() + (sensor.equals("temp") ? "" : "/" + sensor.replace("_input", ""));
    }

    private void addLoad(List<Record> records) {
        Optional<Matcher> load = text(root.resolve("proc/loadavg"))
                .map(text -> LOAD.matcher(text.strip()))
                .filter(Matcher::matches);
        if (load.isPresent()) {
            records.add(Record.of("load/1", ONE, new BigDecimal(load.get().group(1))));
            records.add(Record.of("load/5", ONE, new BigDecimal(load.get().group(2))));
            records.add(Record.of("load/15", ONE, new BigDecimal(load.get().group(3))));
        }
    }

    /** The file says kB and means KiB. */
    private void addMemory(List<Record> records) {
        text(root.resolve("proc/meminfo"))
                .orElse("")
                .lines()
                .map(MEMORY::matcher)
                .filter(Matcher::matches)
                .limit(2)
                .forEach(line -> {
                    String name = line.group(1).equals("MemTotal") ? "mem/total" : "mem/available";
                    records.add(Record.of(name, BYTES, new BigDecimal(line.group(2)).multiply(KIB)));
                });
    }

    /** Numbers in names in the order of numbers, as the longer name has the larger one. */
    private static List<Path> matching(Path directory, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            for (Path entry : entries) {
                if (entry.getFileName().toString().matches("[a-z_]{1,16}[0-9]{0,6}(_input)?")) {
                    found.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException absent) {
            return List.of();
        }
        found.sort(Comparator.<Path>comparingInt(
                        path -> path.getFileName().toString().length())
                .thenComparing(Path::getFileName));
        return found;
    }

    /** A sensor that is switched off answers with an error: then it has no figure. */
    private static Optional<String> text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_FILE), StandardCharsets.US_ASCII));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
