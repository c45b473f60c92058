package dev.latchkey.gateway.settings;

import dev.latchkey.console.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a gateway's settings come from, each over those before it: the reference's defaults, the settings file, what was
 * changed while the gateway ran (a file in the data directory), the environment, the command line. Immutable.
 *
 * @param file the settings file; without it the defaults count
 * @param environment variables; those that begin with {@link #VARIABLES} name settings
 * @param commandLine values by whole key
 */
public record SettingsSource(Optional<Path> file, Map<String, String> environment, Map<String, Object> commandLine) {
    /** How the environment's variables begin: {@code coap.threads} is {@code LATCHKEY_GATEWAY_COAP_THREADS}. */
    public static final String VARIABLES = "LATCHKEY_GATEWAY_";

    /** In the data directory: what was changed while the gateway ran. */
    public static final String CHANGES = "settings-changed.conf";

    private static final String REFERENCE = "gateway-reference.conf";
    private static final String DATA = "data";

    public SettingsSource {
        environment = Map.copyOf(environment);
        commandLine = Map.copyOf(commandLine);
    }

    /** A settings file alone, with what was changed since. */
    public static SettingsSource of(Path file) {
        return new SettingsSource(Optional.of(file), Map.of(), Map.of());
    }

    /**
     * The values as they count, not yet checked beyond their names.
     *
     * @throws dev.latchkey.console.UsageFault on one line, if a file cannot be read or names an unknown setting
     */
    public Settings read() {
        Settings settings = file.map(path -> Settings.load(path, SettingsSource.class, REFERENCE))
                .orElseGet(() -> Settings.defaults(SettingsSource.class, REFERENCE))
                .withEnvironment(environment, VARIABLES);
        for (Map.Entry<String, Object> each : commandLine.entrySet()) {
            settings = settings.with(each.getKey(), each.getValue());
        }
        // Where the changes lie they cannot say themselves.
        return file.isPresent() ? settings.withChanges(settings.path(DATA).resolve(CHANGES)) : settings;
    }

    /** The whole reference with the values that count: a settings file that can be used in place of the one read. */
    public String print() {
        Settings settings = read();
        if (file.isPresent()) {
            GatewaySettings.of(settings, this);
        }
        return settings.print(VARIABLES);
    }
}
