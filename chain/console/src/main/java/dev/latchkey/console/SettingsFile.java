package dev.latchkey.console;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Reads a settings file and compares its keys with the reference. Stateless. */
final class SettingsFile {
    /** No hand-written file is longer; what is longer is another file given by mistake. */
    private static final long MAX_BYTES = 1 << 20;

    private SettingsFile() {}

    static Settings load(Path file, Class<?> owner, String name) {
        Reference reference = Reference.read(owner, name);
        Config given = known(file, reference);
        Path directory = file.toAbsolutePath().getParent();
        return new Settings(given.withFallback(reference.config()), directory, file.toString(), "", reference, "");
    }

    /** What stands in a file, of which every key must be in the reference. */
    static Config known(Path file, Reference reference) {
        Config given = parse(file);
        refuseUnknown(given.root(), reference.config().root(), "");
        return given;
    }

    /**
     * One value as it could stand in a file.
     *
     * @param source what to name when it is none
     */
    static ConfigValue value(String source, String text) {
        try {
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(source);
            ConfigObject parsed = ConfigFactory.parseString("v = " + text, options.setIncluder(new NoIncludes()))
                    .resolve(ConfigResolveOptions.noSystem())
                    .root();
            if (parsed.size() != 1) {
                throw new UsageFault(source + ": more than one value");
            }
            return parsed.get("v");
        } catch (ConfigException e) {
            throw new UsageFault(source + ": not a value as it stands in a settings file");
        }
    }

    private static Config parse(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageFault("no settings file " + file);
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UsageFault(file + " is too long for a settings file");
            }
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
            return ConfigFactory.parseFile(file.toFile(), options).resolve();
        } catch (ConfigException e) {
            String place = e.origin() == null ? file + ": " : place(e.origin());
            // The library puts the place before its explanation as well.
            String[] parts = Cli.oneLine(e.getMessage()).split(": ", 3);
            throw new UsageFault(place + parts[parts.length - 1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuseUnknown(ConfigObject given, ConfigObject known, String prefix) {
        for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
            String key = entry.getKey();
            if (!known.containsKey(key)) {
                throw unknown(entry.getValue().origin(), prefix + key, key, known.keySet());
            }
            boolean section = known.get(key) instanceof ConfigObject;
            if (section && !(entry.getValue() instanceof ConfigObject)) {
                throw new UsageFault(place(entry.getValue().origin()) + prefix + key + " must be a section { }");
            }
            if (section) {
                refuseUnknown((ConfigObject) entry.getValue(), (ConfigObject) known.get(key), prefix + key + ".");
            }
        }
    }

    static UsageFault unknown(ConfigOrigin origin, String path, String key, Collection<String> known) {
        return new UsageFault(place(origin) + "no setting " + path + near(key, known));
    }

    /** A question after a name that nobody knows; empty when none is like it. */
    static String near(String key, Collection<String> known) {
        Optional<String> near = known.stream()
                .filter(name -> distance(name, key) <= Math.max(1, key.length() / 3))
                .min((a, b) -> Integer.compare(distance(a, key), distance(b, key)));
        return near.map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** {@code cloud.conf:12: }, or as much of it as the origin knows. */
    static String place(ConfigOrigin origin) {
        if (origin.filename() == null) {
            return origin.description() + ": ";
        }
        return origin.filename() + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "") + ": ";
    }

    /** Levenshtein's distance: how many characters to insert, remove or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
