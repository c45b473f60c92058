package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.directory.DirectoryUse;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What the resource directory holds and does, by the names that status and metrics have in common. Stateless. */
final class DirectoryFigures {
    /**
     * A figure.
     *
     * @param name words with hyphens between them
     * @param grows whether it only grows, from the start on
     */
    record Figure(String name, boolean grows, String help, ToLongFunction<DirectoryUse> value) {
        /** As the status has it. */
        String status() {
            return "directory-" + name;
        }

        /** As Prometheus has it. */
        String metric() {
            return GatewayFigures.PREFIX + "directory_" + name.replace('-', '_') + (grows ? "_total" : "");
        }
    }

    static final List<Figure> ALL = List.of(
            new Figure("registrations", false, "Registrations in the resource directory.", DirectoryUse::registrations),
            new Figure("bytes", false, "What they take on disk.", DirectoryUse::bytes),
            new Figure("bound-bytes", false, "What they may take.", DirectoryUse::bound),
            new Figure("lookups", true, "Look-ups that were answered, since the start.", DirectoryUse::lookups),
            new Figure(
                    "refused",
                    true,
                    "Registrations and renewals for which there was no room, since the start.",
                    DirectoryUse::refused));

    private DirectoryFigures() {}

    /** Puts them into the values of a status. */
    static void addTo(Map<String, Object> values, DirectoryUse use) {
        ALL.forEach(figure -> values.put(figure.status(), figure.value().applyAsLong(use)));
    }
}
