package dev.latchkey.cloud.api;

import dev.latchkey.cloud.http.Call;
import java.util.Arrays;
import java.util.Optional;

/** Entity tags (RFC 9110, section 8.8.3): each form of a thing has its own. Stateless. */
final class EntityTags {
    private static final String SUFFIX = "-json\"";

    private EntityTags() {}

    /** The tag of the JSON form of what has this tag. */
    static String ofJson(String tag) {
        return tag.endsWith(SUFFIX) ? tag : tag.substring(0, tag.length() - 1) + SUFFIX;
    }

    /** Whether the caller has the form it asks for already, by If-None-Match. */
    static boolean isHeld(Call call, String tag) {
        boolean json = MediaTypes.wantsJson(call.header().apply("Accept").orElse(null));
        String own = json ? ofJson(tag) : tag;
        Optional<String> held = call.header().apply("If-None-Match");
        return held.isPresent()
                && Arrays.stream(held.get().split(","))
                        .map(String::strip)
                        .map(each -> each.startsWith("W/") ? each.substring(2) : each)
                        .anyMatch(each -> each.equals("*") || each.equals(own));
    }
}
