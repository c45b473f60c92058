package dev.latchkey.console;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings of one role, in HOCON: the user's file on top of the role's reference file, which names and explains
 * every setting there is, with its default or with {@code null} where there is none. Whatever is wrong (a key that the
 * reference does not have, a value of another kind or beyond its bounds) is a {@link UsageFault} on one line that names
 * file, line and key. Immutable.
 *
 * <p>Keys are paths with dots, such as {@code cloud.addresses}. Durations and sizes carry their unit in the file.
 */
public final class Settings {
    private final Config config;
    private final Path directory;
    /** The file, for messages about what is not in it. */
    private final String source;
    /** What stands before this object's keys in the file, for messages; empty or ending in a dot. */
    private final String prefix;

    private final Reference reference;
    /** The file of what was changed while the program ran; empty when there is none. */
    private final String changes;

    Settings(Config config, Path directory, String source, String prefix, Reference reference, String changes) {
        this.config = config;
        this.directory = directory;
        this.source = source;
        this.prefix = prefix;
        this.reference = reference;
        this.changes = changes;
    }

    /**
     * Reads a settings file.
     *
     * @param owner a class of the role, in whose package the reference file is
     * @param reference the reference file's name, such as {@code cloud-reference.conf}
     */
    public static Settings load(Path file, Class<?> owner, String reference) {
        return SettingsFile.load(file, owner, reference);
    }

    /** The reference file's defaults alone; relative paths start at the working directory. */
    public static Settings defaults(Class<?> owner, String reference) {
        Reference known = Reference.read(owner, reference);
        return new Settings(known.config(), Path.of(""), reference, "", known, "");
    }

    /** The same settings with one replaced, as an option on the command line does. The key must be a known one. */
    public Settings with(String key, Object value) {
        if (!config.hasPathOrNull(key)) {
            throw new UsageFault("no setting " + prefix + key);
        }
        Object plain = value instanceof HostPort || value instanceof Path ? value.toString() : value;
        return with(
                config.withValue(key, ConfigValueFactory.fromAnyRef(plain, Setting.Origin.ON_COMMAND_LINE)), changes);
    }

    /**
     * These settings with those replaced that environment variables give: {@code coap.threads} by
     * {@code LATCHKEY_GATEWAY_COAP_THREADS} under the prefix {@code LATCHKEY_GATEWAY_}. A variable without a value counts
     * as none; a list may be written with commas.
     *
     * @throws UsageFault if a variable with this prefix belongs to no setting
     */
    public Settings withEnvironment(Map<String, String> environment, String variablePrefix) {
        Config changed = config;
        for (Map.Entry<String, ConfigValue> each :
                reference.fromEnvironment(environment, variablePrefix).entrySet()) {
            changed = changed.withValue(each.getKey(), each.getValue());
        }
        return with(changed, changes);
    }

    /**
     * These settings with those replaced that stand in a file of changes, if it is there; what the environment or the
     * command line gives stays.
     */
    public Settings withChanges(Path file) {
        if (!Files.exists(file)) {
            return this;
        }
        Map<String, ConfigValue> now = Reference.leaves(config.root());
        Config changed = config;
        for (Map.Entry<String, ConfigValue> each :
                Reference.leaves(SettingsFile.known(file, reference).root()).entrySet()) {
            ConfigValue before = now.get(each.getKey());
            if (before == null || !setting(each.getKey(), before).fixed()) {
                changed = changed.withValue(each.getKey(), each.getValue());
            }
        }
        return with(changed, file.toString());
    }

    /** Every setting with its value, by its whole key, in the order of the reference; only of whole settings. */
    public Map<String, Setting> all() {
        Map<String, ConfigValue> values = Reference.leaves(config.root());
        Map<String, Setting> all = new LinkedHashMap<>();
        Reference.leaves(reference.config().root()).entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> entry.getValue().origin().lineNumber()))
                .forEach(entry -> all.put(
                        entry.getKey(),
                        setting(entry.getKey(), values.getOrDefault(entry.getKey(), entry.getValue()))));
        return all;
    }

    /**
     * The reference file with these values, a settings file that means the same in the same directory.
     *
     * @param variablePrefix with what the environment's variables begin
     */
    public String print(String variablePrefix) {
        return "# As read from " + source + "; relative paths start at " + directory.toAbsolutePath() + "\n\n"
                + SettingsText.of(reference.text(), all(), variablePrefix);
    }

    private Setting setting(String key, ConfigValue value) {
        return Setting.of(
                key, value, Reference.leaves(reference.config().root()).get(key), changes);
    }

    private Settings with(Config other, String changesFile) {
        return new Settings(other, directory, source, prefix, reference, changesFile);
    }

    /** True when the setting has a value, by default or in the file. */
    public boolean has(String key) {
        return config.hasPath(key);
    }

    public String string(String key) {
        return read(key, config::getString, "text");
    }

    public Optional<String> optionalString(String key) {
        return optional(key, this::string);
    }

    public boolean bool(String key) {
        return read(key, config::getBoolean, "true or false");
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    public int integer(String key, int min, int max) {
        int value = read(key, config::getInt, "a whole number");
        if (value < min || value > max) {
            throw fault(key, "must be " + min + " to " + max);
        }
        return value;
    }

    /** A duration from {@code min} to {@code max}, both included; in the file it has a unit, such as {@code 30 s}. */
    public Duration duration(String key, Duration min, Duration max) {
        Duration value = read(key, path -> Units.duration(config.getString(path)), "a duration, such as 30 s");
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw fault(key, "must be " + Units.text(min) + " to " + Units.text(max));
        }
        return value;
    }

    /** A size from {@code min} to {@code max} bytes, both included; in the file such as {@code 64 KiB} or {@code 2 MB}. */
    public long bytes(String key, long min, long max) {
        long value = read(key, path -> config.getMemorySize(path).toBytes(), "a size, such as 64 KiB");
        if (value < min || value > max) {
            throw fault(key, "must be " + Units.bytes(min) + " to " + Units.bytes(max));
        }
        return value;
    }

    /** A path; a relative one starts at the settings file's directory. */
    public Path path(String key) {
        return read(key, path -> directory.resolve(config.getString(path)).normalize(), "a path");
    }

    public Optional<Path> optionalPath(String key) {
        return optional(key, this::path);
    }

    public HostPort address(String key) {
        return read(key, path -> HostPort.parse(config.getString(path)), "host:port");
    }

    public Optional<HostPort> optionalAddress(String key) {
        return optional(key, this::address);
    }

    public List<HostPort> addresses(String key) {
        return read(
                key,
                path -> config.getStringList(path).stream().map(HostPort::parse).toList(),
                "a list of host:port");
    }

    public List<String> strings(String key) {
        return read(key, path -> List.copyOf(config.getStringList(path)), "a list of texts");
    }

    /** The settings below a key. */
    public Settings section(String key) {
        Config below = read(key, config::getConfig, "a section { }");
        return new Settings(below, directory, source, prefix + key + ".", reference, changes);
    }

    /**
     * A list of sections, which the reference cannot describe: this says which keys each of them may have. A key that a
     * section leaves out has no value.
     */
    public List<Settings> sections(String key, String... knownKeys) {
        ConfigList list = read(key, config::getList, "a list of sections { }");
        Set<String> known = Set.of(knownKeys);
        List<Settings> sections = new ArrayList<>(list.size());
        for (ConfigValue element : list) {
            String name = prefix + key + "[" + sections.size() + "]";
            if (!(element instanceof ConfigObject section)) {
                throw new UsageFault(SettingsFile.place(element.origin()) + name + " must be a section { }");
            }
            for (String each : section.keySet()) {
                if (!known.contains(each)) {
                    throw SettingsFile.unknown(section.get(each).origin(), name + "." + each, each, known);
                }
            }
            sections.add(new Settings(section.toConfig(), directory, source, name + ".", reference, changes));
        }
        return List.copyOf(sections);
    }

    /** A fault in a value that only the caller can judge: one line with file, line, key and this explanation. */
    public UsageFault fault(String key, String explanation) {
        ConfigOrigin origin = config.hasPath(key) ? config.getValue(key).origin() : config.origin();
        return new UsageFault(SettingsFile.place(origin) + prefix + key + " " + explanation);
    }

    private <T> Optional<T> optional(String key, Function<String, T> getter) {
        return has(key) ? Optional.of(getter.apply(key)) : Optional.empty();
    }

    private <T> T read(String key, Function<String, T> getter, String kind) {
        if (!config.hasPath(key)) {
            throw new UsageFault(source + ": " + prefix + key + " is not set");
        }
        try {
            return getter.apply(key);
        } catch (ConfigException | IllegalArgumentException e) {
            throw fault(key, "must be " + kind);
        }
    }
}
