package dev.latchkey.console;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The file in a role's package that names and explains every setting there is, with its default or {@code null}. One
 * setting a line, sections in braces: {@link SettingsText} prints it line by line. Immutable.
 */
final class Reference {
    private final String name;
    private final String text;
    private final Config config;

    private Reference(String name, String text, Config config) {
        this.name = name;
        this.text = text;
        this.config = config;
    }

    static Reference read(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the reference settings are not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(name);
            return new Reference(
                    name, text, ConfigFactory.parseString(text, options).resolve());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    Config config() {
        return config;
    }

    /** The settings that have a value of their own, by their whole keys; sections are not among them. */
    static Map<String, ConfigValue> leaves(ConfigObject section) {
        Map<String, ConfigValue> leaves = new LinkedHashMap<>();
        collect(section, "", leaves);
        return leaves;
    }

    private static void collect(ConfigObject section, String prefix, Map<String, ConfigValue> leaves) {
        section.forEach((key, value) -> {
            if (value instanceof ConfigObject below) {
                collect(below, prefix + key + ".", leaves);
            } else {
                leaves.put(prefix + key, value);
            }
        });
    }

    /**
     * The settings that environment variables give: {@code coap.threads} is {@code LATCHKEY_GATEWAY_COAP_THREADS} under
     * the prefix {@code LATCHKEY_GATEWAY_}. An empty variable counts as none. A list is written as in the file or with
     * commas.
     *
     * @throws UsageFault if a variable begins like that and names no setting
     */
    Map<String, ConfigValue> fromEnvironment(Map<String, String> environment, String prefix) {
        Map<String, String> keys = new LinkedHashMap<>();
        Map<String, ConfigValue> leaves = leaves(config.root());
        leaves.keySet().forEach(key -> keys.put(variable(prefix, key), key));
        Map<String, ConfigValue> given = new LinkedHashMap<>();
        environment.forEach((variable, value) -> {
            if (!variable.startsWith(prefix) || value.isBlank()) {
                return;
            }
            String key = keys.get(variable);
            if (key == null) {
                throw new UsageFault(
                        "environment: no setting belongs to " + variable + SettingsFile.near(variable, keys.keySet()));
            }
            given.put(key, parsed(variable, value.strip(), leaves.get(key) instanceof ConfigList));
        });
        return given;
    }

    static String variable(String prefix, String key) {
        return prefix + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static ConfigValue parsed(String variable, String value, boolean list) {
        if (!list) {
            return ConfigValueFactory.fromAnyRef(value, variable);
        }
        if (!value.startsWith("[")) {
            return ConfigValueFactory.fromIterable(
                    Arrays.stream(value.split(",")).map(String::strip).toList(), variable);
        }
        return SettingsFile.value(variable, value);
    }
}
