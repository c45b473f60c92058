package dev.latchkey.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.coap.ServerLimits;
import dev.latchkey.console.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.RecursiveComparisonAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each setting is documented with the default that counts, and each is read. */
class EverySettingTest {
    private static final String CHAIN = "{ id = \"" + "ab".repeat(32) + "\", name = %s }";
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** Values for those whose default one cannot count on from. */
    private static final Map<String, String> OTHERS = Map.of(
            "listen", "\"0.0.0.0:5600\"",
            "admin.listen", "\"127.0.0.1:5601\"",
            "metrics.listen", "\"127.0.0.1:5602\"",
            "metrics.beyond-loopback", "true",
            "chains", "[" + String.format(CHAIN, "tacoma") + "]",
            "cloud.addresses", "[\"127.0.0.1:9444\"]",
            "log.level", "info",
            "coap.resume-max-age", "4 m");

    private final Map<String, Setting> all =
            new SettingsSource(Optional.empty(), Map.of(), Map.of()).read().all();

    @TempDir
    Path directory;

    /** In the table one default belongs to each name, or one to all; names after the first leave out the section. */
    @Test
    void theTableNamesEverySettingWithItsDefault() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        for (String line : lines.subList(lines.indexOf("| setting | default | |") + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String[] cells = line.split("\\|");
            List<String> names = new ArrayList<>();
            for (Matcher name = NAME.matcher(cells[1]); name.find(); ) {
                String section = names.isEmpty() ? "" : names.get(0).replaceAll("[^.]*$", "");
                names.add(name.group(1).contains(".") ? name.group(1) : section + name.group(1));
            }
            String[] values = cells[2].strip().split(", ");
            for (int i = 0; i < names.size(); i++) {
                assertThat(values.length).as(line).isIn(1, names.size());
                documented.put(names.get(i), values[values.length == 1 ? 0 : i]);
            }
        }
        Map<String, String> defaults = new TreeMap<>();
        all.forEach((key, setting) -> defaults.put(key, inWords(key, setting.standard())));
        assertThat(documented).containsExactlyEntriesOf(defaults);
    }

    private static String inWords(String key, String value) {
        return switch (key) {
            case "chains", "cloud.addresses" -> "required";
            case "coap.threads" -> "one per core";
            case "coap.resume-max-age" -> "5 min";
            default -> value.equals("null") ? "none" : value.replace("\"", "");
        };
    }

    @Test
    void eachIsReadAndChangesNothingElse() throws IOException {
        GatewaySettings before = with("", "");
        for (String key : all.keySet()) {
            RecursiveComparisonAssert<?> same = assertThat(with(key, other(key)))
                    .as(key)
                    .usingRecursiveComparison()
                    .ignoringFields("source");
            same.isNotEqualTo(before);
        }
    }

    private String other(String key) {
        String value = all.get(key).standard();
        if (OTHERS.containsKey(key)) {
            return OTHERS.get(key);
        }
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true") ? "false" : "true";
        }
        Matcher number = Pattern.compile("\"?([0-9]+)( ?[A-Za-z]*)\"?").matcher(value);
        return number.matches() ? Long.parseLong(number.group(1)) + 1 + number.group(2) : "elsewhere";
    }

    private GatewaySettings with(String key, String value) throws IOException {
        Map<String, String> lines = new HashMap<>(Map.of(
                "chains", "[" + String.format(CHAIN, "seattle") + "]", "cloud.addresses", "[\"127.0.0.1:9443\"]"));
        if (!key.isEmpty()) {
            lines.put(key, value);
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(
                (name, line) -> text.append(name).append(" = ").append(line).append('\n'));
        Path file = directory.resolve("gateway.conf");
        Files.writeString(file, text);
        return GatewaySettings.of(new SettingsSource(Optional.of(file), Map.of(), Map.of()));
    }

    @Test
    void theServersDefaultsAreTheGateways() throws IOException {
        assertThat(with("", "").coap().limits()).isEqualTo(ServerLimits.DEFAULT);
    }
}
