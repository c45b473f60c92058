package dev.latchkey.console;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference file with the values that count in it, a settings file in its own right: every setting, explained, and
 * where a value is not the default, what the default is and where the value comes from. Stateless.
 */
final class SettingsText {
    private static final Pattern OPENED = Pattern.compile("\\s*([a-z0-9-]+) \\{");
    private static final Pattern SET = Pattern.compile("(\\s*)([a-z0-9-]+) = .*");

    private SettingsText() {}

    static String of(String reference, Map<String, Setting> settings, String variablePrefix) {
        StringBuilder text = new StringBuilder();
        Deque<String> sections = new ArrayDeque<>();
        reference.lines().forEach(line -> {
            Matcher opened = OPENED.matcher(line);
            Matcher set = SET.matcher(line);
            if (opened.matches()) {
                sections.addLast(opened.group(1));
            } else if (line.strip().equals("}")) {
                sections.removeLast();
            }
            if (set.matches()) {
                String prefix = sections.isEmpty() ? "" : String.join(".", sections) + ".";
                put(text, set.group(1), set.group(2), settings.get(prefix + set.group(2)), variablePrefix);
            } else {
                text.append(line).append('\n');
            }
        });
        return text.toString();
    }

    private static void put(StringBuilder text, String indent, String name, Setting setting, String variablePrefix) {
        if (setting.origin() != Setting.Origin.DEFAULT) {
            text.append(indent).append("# default ").append(setting.standard()).append("; this is from the ");
            text.append(
                    switch (setting.origin()) {
                        case ENVIRONMENT -> "environment, " + Reference.variable(variablePrefix, setting.key());
                        case CHANGED -> "settings changed while it ran";
                        case COMMAND_LINE -> "command line";
                        default -> "settings file";
                    });
            text.append('\n');
        }
        text.append(indent).append(name).append(" = ").append(setting.value()).append('\n');
    }
}
