package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.ContentFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers /.well-known/core with the links of a server (RFC 6690). A path with variables is shown by what comes before
 * them; several methods of one path are one link. A filter names an attribute, each word of which counts, with a trailing * for a
 * prefix (section 4.1); of several filters all must fit (RFC 9176, section 6.2).
 */
final class Discovery implements Handler {
    static final String PATH = "/.well-known/core";

    /** A server has the same links as long as it runs. */
    private static final long MAX_AGE_SECONDS = 3_600;

    private final List<Link> links;

    /** Of these routes, and not among them itself. */
    static Route route(List<Route> routes) {
        return new Route(PathPattern.of(PATH), Method.GET, new Discovery(routes), LinkAttributes.HIDDEN, false);
    }

    Discovery(List<Route> routes) {
        Map<String, Link> byHref = new TreeMap<>();
        for (Route route : routes) {
            if (route.attributes().listed()) {
                byHref.computeIfAbsent(route.pattern().stem(), Link::new).add(route);
            }
        }
        links = List.copyOf(byHref.values());
    }

    @Override
    public CompletionStage<CoapResponse> handle(CoapRequest request) {
        return CompletableFuture.completedFuture(answer(request));
    }

    private CoapResponse answer(CoapRequest request) {
        if (request.accept().isPresent() && request.accept().getAsInt() != ContentFormat.LINK_FORMAT) {
            return Refusals.NOT_ACCEPTABLE;
        }
        List<String> found = new ArrayList<>();
        for (Link link : links) {
            if (request.query().entrySet().stream()
                    .allMatch(filter -> link.matches(filter.getKey(), filter.getValue()))) {
                found.add(link.text());
            }
        }
        Bytes body = Bytes.utf8(String.join(",", found));
        return CoapResponse.content(ContentFormat.LINK_FORMAT, body)
                .withMaxAge(MAX_AGE_SECONDS)
                .withEtag(EntityTag.of(body));
    }

    /** One link; filled by the constructor above, then only read. */
    private static final class Link {
        private final String href;
        private final Set<String> types = new TreeSet<>();
        private final Set<String> interfaces = new TreeSet<>();
        private final Set<Integer> formats = new TreeSet<>();
        private boolean observable;

        Link(String href) {
            this.href = href;
        }

        void add(Route route) {
            route.attributes().resourceType().ifPresent(words -> types.addAll(Arrays.asList(words.split(" "))));
            route.attributes()
                    .interfaceDescription()
                    .ifPresent(words -> interfaces.addAll(Arrays.asList(words.split(" "))));
            formats.addAll(route.attributes().contentFormats());
            observable |= route.observable();
        }

        boolean matches(String name, String wanted) {
            return switch (name) {
                case "href" -> accepts(wanted, href);
                case "rt" -> types.stream().anyMatch(type -> accepts(wanted, type));
                case "if" -> interfaces.stream().anyMatch(type -> accepts(wanted, type));
                case "ct" -> formats.stream().anyMatch(format -> accepts(wanted, format.toString()));
                case "obs" -> observable && wanted.isEmpty();
                default -> false;
            };
        }

        private static boolean accepts(String wanted, String value) {
            return wanted.endsWith("*")
                    ? value.startsWith(wanted.substring(0, wanted.length() - 1))
                    : value.equals(wanted);
        }

        String text() {
            StringBuilder text = new StringBuilder("<").append(href).append('>');
            if (!types.isEmpty()) {
                text.append(";rt=\"").append(String.join(" ", types)).append('"');
            }
            if (!interfaces.isEmpty()) {
                text.append(";if=\"").append(String.join(" ", interfaces)).append('"');
            }
            if (formats.size() == 1) {
                text.append(";ct=").append(formats.iterator().next());
            } else if (!formats.isEmpty()) {
                List<String> numbers = formats.stream().map(String::valueOf).toList();
                text.append(";ct=\"").append(String.join(" ", numbers)).append('"');
            }
            if (observable) {
                text.append(";obs");
            }
            return text.toString();
        }
    }
}
