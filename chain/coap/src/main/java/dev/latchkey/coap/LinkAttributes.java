package dev.latchkey.coap;

import java.util.List;
import java.util.Optional;

/**
 * What /.well-known/core says about a resource (RFC 6690, section 3; "obs" is added by the server where it applies).
 *
 * @param resourceType rt: one or more words, separated by a space
 * @param interfaceDescription if: the same
 * @param contentFormats ct: what it answers with or takes
 * @param listed whether it is shown at all
 */
public record LinkAttributes(
        Optional<String> resourceType,
        Optional<String> interfaceDescription,
        List<Integer> contentFormats,
        boolean listed) {
    /** Shown without attributes. */
    public static final LinkAttributes PLAIN = new LinkAttributes(Optional.empty(), Optional.empty(), List.of(), true);

    /** Not shown. */
    public static final LinkAttributes HIDDEN =
            new LinkAttributes(Optional.empty(), Optional.empty(), List.of(), false);

    public LinkAttributes {
        resourceType.ifPresent(LinkAttributes::checkWords);
        interfaceDescription.ifPresent(LinkAttributes::checkWords);
        contentFormats = List.copyOf(contentFormats);
    }

    /** A resource of this type that speaks these formats. */
    public static LinkAttributes type(String resourceType, Integer... contentFormats) {
        return new LinkAttributes(Optional.of(resourceType), Optional.empty(), List.of(contentFormats), true);
    }

    public LinkAttributes withInterface(String description) {
        return new LinkAttributes(resourceType, Optional.of(description), contentFormats, listed);
    }

    private static void checkWords(String value) {
        if (!value.matches("[a-z][a-z0-9.-]*( [a-z][a-z0-9.-]*)*")) {
            throw new IllegalArgumentException("a link attribute is made of words as in RFC 6690, section 3.1");
        }
    }
}
