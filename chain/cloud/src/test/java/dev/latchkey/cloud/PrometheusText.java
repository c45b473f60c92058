package dev.latchkey.cloud;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read strictly: each figure has its HELP and its TYPE, its samples stand together, none
 * twice, and the buckets of a histogram rise to its count. Immutable.
 */
record PrometheusText(Map<String, PrometheusText.Figure> figures) {
    private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (-?[0-9.eE+-]+|NaN|[+-]Inf)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");

    /** One figure and its samples, by name and labels. */
    record Figure(String type, Map<String, Double> samples) {}

    static PrometheusText parse(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line has no end");
        }
        Map<String, Figure> figures = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        String helped = "";
        String current = "";
        for (String line : text.split("\n")) {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                if (head.group(1).equals("HELP")) {
                    helped = head.group(2);
                } else {
                    current = head.group(2);
                    require(current.equals(helped), "a type without help: " + line);
                    require(List.of("counter", "gauge", "histogram").contains(head.group(3)), line);
                    Figure before = figures.put(current, new Figure(head.group(3), new LinkedHashMap<>()));
                    require(before == null, "a figure twice: " + line);
                }
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            require(sample.matches(), "no sample: " + line);
            Figure figure = figures.get(current);
            require(figure != null && belongs(sample.group(1), current, figure.type()), "astray: " + line);
            String name = sample.group(1) + "{" + labels(sample.group(2)) + "}";
            require(seen.add(name), "a sample twice: " + line);
            figure.samples().put(name, number(sample.group(3)));
        }
        figures.forEach(PrometheusText::check);
        return new PrometheusText(figures);
    }

    private static boolean belongs(String sample, String figure, String type) {
        return type.equals("histogram")
                ? List.of(figure + "_bucket", figure + "_sum", figure + "_count")
                        .contains(sample)
                : sample.equals(figure);
    }

    private static String labels(String text) {
        if (text == null) {
            return "";
        }
        List<String> labels = new ArrayList<>();
        int at = 0;
        Matcher label = LABEL.matcher(text);
        while (at < text.length()) {
            require(label.find(at) && label.start() == at, "no label: " + text);
            labels.add(label.group());
            at = label.end();
            if (at < text.length()) {
                require(text.charAt(at) == ',', "no comma: " + text);
                at++;
            }
        }
        return String.join(",", labels);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static void check(String name, Figure figure) {
        require(!figure.type().equals("counter") || name.endsWith("_total"), "a counter's name: " + name);
        Map<String, Double> last = new TreeMap<>(); // buckets rise
        figure.samples().forEach((sample, value) -> {
            require(!figure.type().equals("counter") || value >= 0, "a counter below 0: " + sample);
            if (sample.startsWith(name + "_bucket{")) {
                String rest = sample.replaceFirst(",?le=\"[^\"]*\"", "").replace("_bucket", "_count");
                require(last.getOrDefault(rest, 0.0) <= value, "buckets fall: " + sample);
                last.put(rest, value);
            }
        });
        last.forEach((count, value) ->
                require(value.equals(figure.samples().get(count)), "the last bucket is not the count: " + count));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    /** The sample of that name and labels. */
    double value(String sample) {
        String full = sample.contains("{") ? sample : sample + "{}";
        return figures.values().stream()
                .filter(figure -> figure.samples().containsKey(full))
                .map(figure -> figure.samples().get(full))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sample " + full));
    }
}
