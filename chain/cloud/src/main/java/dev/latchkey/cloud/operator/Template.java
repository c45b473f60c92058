package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings files with places to fill: {@code @name@}. Stateless. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("@([a-z-]+)@");

    private Template() {}

    /** The template of that name, every place filled. */
    static Bytes filled(String name, Map<String, String> values) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("a template is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Bytes.utf8(
                    PLACE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), values))));
        }
    }

    private static String value(String place, Map<String, String> values) {
        String value = values.get(place);
        if (value == null) {
            throw new IllegalStateException("a template has a place that nobody fills");
        }
        return value;
    }
}
