package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Pages of long lists: {@code ?from=} says where a page begins, and {@code next} in the answer where the next one does, or
 * is null. Stateless.
 */
final class Page {
    /** Rows of one page: what fits a client's bound on bodies many times. */
    static final int ROWS = 64;

    /** The query's name. */
    static final String FROM = "from";

    /** In the answer, where the next page begins. */
    static final String NEXT = "next";

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,14}");

    private Page() {}

    /** Where the page begins, 0 if the request does not say; empty if what it says is no number. */
    static OptionalLong from(CoapRequest request) {
        String text = request.parameter(FROM).orElse("0");
        return number(text);
    }

    /** A number from 0 in its shortest form, empty for anything else. */
    static OptionalLong number(String text) {
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /**
     * One page.
     *
     * @param name under which the rows stand
     * @param rows the rows from the page's first one on, one more than a page has if there is one
     * @param number the number by which a row is asked for
     */
    static <T> Map<String, Object> of(
            String name, List<T> rows, Function<T, Long> number, Function<T, Map<String, Object>> values) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put(name, rows.stream().limit(ROWS).map(values).toList());
        page.put(NEXT, rows.size() > ROWS ? number.apply(rows.get(ROWS)) : null);
        return page;
    }
}
