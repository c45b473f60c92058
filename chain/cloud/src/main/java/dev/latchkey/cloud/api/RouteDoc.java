package dev.latchkey.cloud.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the API's document says about one route. Immutable.
 *
 * @param summary what it does
 * @param whom who may use it
 * @param query the query parameters and what they mean; one that must be there ends with {@code *}
 * @param answers the media types of good answers by status; none for an answer without a body
 * @param problems the route's own problems, {@code "403 forbidden"}; those that every route may have are left out
 */
record RouteDoc(
        String summary,
        String whom,
        Map<String, String> query,
        Map<Integer, List<String>> answers,
        List<String> problems) {

    static RouteDoc of(String summary, String whom) {
        return new RouteDoc(summary, whom, Map.of(), Map.of(), List.of());
    }

    RouteDoc query(String name, String meaning) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, meaning);
        return new RouteDoc(summary, whom, more, answers, problems);
    }

    RouteDoc answers(int status, String... mediaTypes) {
        Map<Integer, List<String>> more = new LinkedHashMap<>(answers);
        List<String> all = new ArrayList<>(more.getOrDefault(status, List.of()));
        all.addAll(List.of(mediaTypes));
        more.put(status, all);
        return new RouteDoc(summary, whom, query, more, problems);
    }

    RouteDoc problems(String... names) {
        List<String> more = new ArrayList<>(problems);
        more.addAll(List.of(names));
        return new RouteDoc(summary, whom, query, answers, more);
    }
}
