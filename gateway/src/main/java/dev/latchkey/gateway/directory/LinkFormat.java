package dev.latchkey.gateway.directory;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads link format (RFC 6690, section 2), strictly: well-formed UTF-8, no white space outside quotation marks, every
 * attribute once, and targets and anchors as the limited link format of RFC 9176, appendix C, has them: URIs, or paths
 * that begin with one slash. What is read is written to the same bytes again, but for needless escapes. For one thread;
 * time and memory are in proportion to the input.
 */
public final class LinkFormat {
    /** In bytes, one link as it stands in the document. */
    public static final int MAX_LINK_BYTES = 512;

    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_NAME = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$&+.^_`|~-]{1," + MAX_NAME + "}\\*?");
    private static final String TOKEN_MARKS = "!#$%&'()*+-./:<=>?@[]^_`{|}~";
    private static final Pattern REFERENCE = Pattern.compile(
            "(?:/(?!/)|[a-z][a-z0-9+.-]{0,15}:)(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+");
    private static final Pattern BASE = Pattern.compile("[a-z][a-z0-9+.-]{0,15}://[A-Za-z0-9._~:\\[\\]%-]{1,100}");

    private final String text;
    private int at;

    private LinkFormat(String text) {
        this.text = text;
    }

    /**
     * Reads a document.
     *
     * @param document link format, empty for no links
     * @param most most links
     */
    public static List<Link> parse(Bytes document, int most) throws MalformedLinksException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedLinksException("not UTF-8");
        }
        return new LinkFormat(text).links(most);
    }

    /** Whether a text is scheme and authority of a URI, without a path: what links may be resolved against. */
    public static boolean isBase(String text) {
        return BASE.matcher(text).matches();
    }

    /** Whether an endpoint may have these attributes, by names and values: they fit one link. */
    public static boolean areAttributes(List<Attribute> attributes) {
        return attributes.size() <= MAX_ATTRIBUTES
                && attributes.stream()
                        .allMatch(attribute -> NAME.matcher(attribute.name()).matches()
                                && attribute.value().orElse("").chars().noneMatch(LinkFormat::isControl))
                && Bytes.utf8(new Link("/", attributes).text()).size() <= MAX_LINK_BYTES;
    }

    private List<Link> links(int most) throws MalformedLinksException {
        List<Link> links = new ArrayList<>();
        if (text.isEmpty()) {
            return links;
        }
        do {
            if (links.size() == most) {
                throw new MalformedLinksException("too many links");
            }
            int begin = at;
            links.add(link());
            if (Bytes.utf8(text.substring(begin, at)).size() > MAX_LINK_BYTES) {
                throw new MalformedLinksException("a link is too long");
            }
        } while (taken(','));
        if (at < text.length()) {
            throw new MalformedLinksException("a comma or the end is missing");
        }
        return links;
    }

    private Link link() throws MalformedLinksException {
        expect('<');
        int end = text.indexOf('>', at);
        if (end < 0 || end - at > MAX_LINK_BYTES) {
            throw new MalformedLinksException("a target does not end");
        }
        String target = reference(text.substring(at, end));
        at = end + 1;
        List<Attribute> attributes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (taken(';')) {
            Attribute next = attribute();
            if (!names.add(next.name()) || names.size() > MAX_ATTRIBUTES) {
                throw new MalformedLinksException("an attribute stands twice, or there are too many");
            }
            if (next.name().equals(Link.ANCHOR)) {
                reference(next.value().orElse(""));
            }
            attributes.add(next);
        }
        return new Link(target, attributes);
    }

    private Attribute attribute() throws MalformedLinksException {
        int begin = at;
        while (at < text.length() && "=;,".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String name = text.substring(begin, at);
        if (name.length() > MAX_NAME + 1 || !NAME.matcher(name).matches()) {
            throw new MalformedLinksException("an attribute has no name");
        }
        if (!taken('=')) {
            return new Attribute(name, Optional.empty(), false);
        }
        return taken('"') ? Attribute.quoted(name, quoted()) : new Attribute(name, Optional.of(token()), false);
    }

    private String quoted() throws MalformedLinksException {
        StringBuilder value = new StringBuilder();
        while (!taken('"')) {
            taken('\\');
            if (at >= text.length() || isControl(text.charAt(at))) {
                throw new MalformedLinksException("a value in quotation marks does not end");
            }
            value.append(text.charAt(at++));
        }
        return value.toString();
    }

    private String token() throws MalformedLinksException {
        int begin = at;
        while (at < text.length() && isToken(text.charAt(at))) {
            at++;
        }
        if (at == begin) {
            throw new MalformedLinksException("a value is missing");
        }
        return text.substring(begin, at);
    }

    private static String reference(String uri) throws MalformedLinksException {
        if (!REFERENCE.matcher(uri).matches()) {
            throw new MalformedLinksException("neither a URI nor a path");
        }
        return uri;
    }

    private void expect(char wanted) throws MalformedLinksException {
        if (!taken(wanted)) {
            throw new MalformedLinksException("a link begins with <");
        }
    }

    private boolean taken(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isControl(int character) {
        return character < ' ' || character == 0x7f;
    }

    private static boolean isToken(char character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || TOKEN_MARKS.indexOf(character) >= 0;
    }
}
