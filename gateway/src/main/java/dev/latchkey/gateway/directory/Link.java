package dev.latchkey.gateway.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A link in the limited link format (RFC 9176, appendix C); immutable.
 *
 * @param target a URI, or a path that begins with a slash
 * @param attributes each name once, in the order in which they came
 */
public record Link(String target, List<Attribute> attributes) {
    static final String ANCHOR = "anchor";

    public Link {
        attributes = List.copyOf(attributes);
    }

    /**
     * The same with full URIs for target and anchor. A target elsewhere gets the base as its anchor when it had none, for
     * without one it would be about itself (RFC 9176, section 6.1).
     *
     * @param base scheme and authority, "coaps://[2001:db8::1]:5684"
     */
    public Link resolved(String base) {
        List<Attribute> absolute = new ArrayList<>();
        boolean anchored = false;
        for (Attribute attribute : attributes) {
            boolean anchor = attribute.name().equals(ANCHOR);
            anchored |= anchor;
            absolute.add(
                    anchor
                            ? Attribute.quoted(
                                    ANCHOR, resolve(base, attribute.value().orElse("")))
                            : attribute);
        }
        if (!anchored && !isPath(target)) {
            absolute.add(Attribute.quoted(ANCHOR, base));
        }
        return new Link(resolve(base, target), absolute);
    }

    public boolean matches(String filter, String wanted) {
        return filter.equals("href")
                ? Attribute.accepts(wanted, target)
                : attributes.stream().anyMatch(attribute -> attribute.matches(filter, wanted));
    }

    /** The value of an attribute, if it is there and has one. */
    Optional<String> attribute(String name) {
        return attributes.stream()
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .flatMap(Attribute::value);
    }

    /** As it stands in a document of link format. */
    public String text() {
        return "<" + target + ">" + attributes.stream().map(Attribute::text).collect(Collectors.joining());
    }

    static boolean isPath(String reference) {
        return reference.startsWith("/");
    }

    private static String resolve(String base, String reference) {
        return isPath(reference) ? base + reference : reference;
    }
}
