package dev.latchkey.coap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path such as "/k/{name}", where a segment in braces stands for any one segment; immutable. */
record PathPattern(List<String> segments) {
    PathPattern {
        segments = List.copyOf(segments);
    }

    static PathPattern of(String path) {
        return new PathPattern(segments(path));
    }

    /** "/t/ab" as ["t", "ab"]; "/" as no segment. */
    static List<String> segments(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path starts with a slash");
        }
        return path.length() == 1
                ? List.of()
                : List.copyOf(Arrays.asList(path.substring(1).split("/", -1)));
    }

    /** The variables, if the path matches. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = Map.of();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            if (isVariable(segment)) {
                if (variables.isEmpty()) {
                    variables = new HashMap<>();
                }
                variables.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    int variables() {
        return (int) segments.stream().filter(PathPattern::isVariable).count();
    }

    /** The path up to the first variable: the part that a link can name. */
    String stem() {
        List<String> fixed = new ArrayList<>();
        for (String segment : segments) {
            if (isVariable(segment)) {
                break;
            }
            fixed.add(segment);
        }
        return "/" + String.join("/", fixed);
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }
}
