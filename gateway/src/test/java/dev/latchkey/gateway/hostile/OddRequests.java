package dev.latchkey.gateway.hostile;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.Method;
import dev.latchkey.coap.ServedRoute;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes CoAP messages (RFC 7252, section 3) that are almost requests of a server, and such that are not. */
final class OddRequests {
    private static final int URI_PATH = 11;
    private static final int CONTENT_FORMAT = 12;
    private static final int URI_QUERY = 15;
    private static final int ACCEPT = 17;
    private static final int MAX_MESSAGE = 1_200;
    private static final int[] FORMATS = {0, 16, 18, 40, 50, 60, 62, 63, 98, 110, 112, 257, 65_535};
    private static final int[] OTHER_OPTIONS = {1, 4, 5, 6, 23, 27, 28, 60, 252, 258, 9, 35, 2_049};
    private static final String[] NAMES = {
        "p", "h", "v", "n", "from", "a", "b", "c", "u", "s", "pmin", "rt", "href", "ep", "lt", "base", "d", "page",
        "count", "chain", "level", "since", ""
    };
    private static final String[] VALUES = {
        "0",
        "1",
        "2",
        "-1",
        "00",
        "999999999999999",
        "18446744073709551616",
        "",
        "x",
        "d-1",
        "d-2",
        "admin",
        "gateway",
        "seattle",
        "oslo",
        "*",
        "\u0000",
        "a".repeat(250),
        "ab".repeat(32),
        "e\u00e9\ud83d\ude00",
        "%2f",
        "..",
        "/",
        "1,2"
    };

    private final List<ServedRoute> routes;
    private final List<Bytes> payloads;

    OddRequests(List<ServedRoute> routes, List<Bytes> payloads) {
        // What an administrator may order is not for chance to order.
        this.routes = routes.stream()
                .filter(route -> !route.path().startsWith("/a/x") || route.method() == Method.GET)
                .toList();
        this.payloads = payloads;
    }

    /** A confirmable request for a path, which is answered with its token. */
    static Bytes get(int id, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head(out, 0x42, 1, id);
        out.write(id >> 8);
        out.write(id);
        int last = 0;
        for (String segment : path.substring(1).split("/")) {
            option(out, URI_PATH - last, segment.getBytes(StandardCharsets.UTF_8));
            last = URI_PATH;
        }
        return Bytes.wrap(out.toByteArray());
    }

    /** Any message with this id. */
    Bytes next(Choices choices, int id) {
        Bytes request = request(choices, id);
        if (!choices.oneIn(8)) {
            return request;
        }
        byte[] broken = mutated(choices, request).toArray();
        return Bytes.wrap(broken.length == 0 ? new byte[] {0x40} : broken);
    }

    private Bytes request(Choices choices, int id) {
        ServedRoute route = routes.get(choices.below(routes.size()));
        Method[] methods = Method.values();
        Method method = choices.oneIn(6) ? methods[choices.below(methods.length)] : route.method();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        head(out, choices.oneIn(8) ? 0x52 : 0x42, code(method), id);
        out.write(id >> 8);
        out.write(id);
        List<Option> options = options(choices, route);
        options.sort((one, other) -> Integer.compare(one.number(), other.number()));
        int last = 0;
        for (Option option : options) {
            option(out, option.number() - last, option.value());
            last = option.number();
        }
        Bytes payload = payload(choices, method);
        if (!payload.isEmpty()) {
            out.write(0xff);
            out.writeBytes(payload.toArray());
        }
        byte[] bytes = out.toByteArray();
        return Bytes.wrap(bytes.length > MAX_MESSAGE ? Arrays.copyOf(bytes, MAX_MESSAGE) : bytes);
    }

    private record Option(int number, byte[] value) {
        static Option of(int number, String text) {
            return new Option(number, text.getBytes(StandardCharsets.UTF_8));
        }

        static Option of(int number, int value) {
            return new Option(
                    number, value < 256 ? new byte[] {(byte) value} : new byte[] {(byte) (value >> 8), (byte) value});
        }
    }

    private List<Option> options(Choices choices, ServedRoute route) {
        List<Option> options = new ArrayList<>();
        for (String segment : route.path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                options.add(
                        choices.oneIn(6)
                                ? new Option(URI_PATH, choices.bytes(choices.below(40)))
                                : Option.of(URI_PATH, VALUES[choices.below(VALUES.length)]));
            } else if (!choices.oneIn(40)) {
                options.add(Option.of(URI_PATH, segment));
            }
        }
        for (int i = choices.below(4); i > 0; i--) {
            options.add(Option.of(
                    URI_QUERY, NAMES[choices.below(NAMES.length)] + "=" + VALUES[choices.below(VALUES.length)]));
        }
        if (!choices.oneIn(4)) {
            List<Integer> known = route.attributes().contentFormats();
            options.add(Option.of(
                    CONTENT_FORMAT,
                    known.isEmpty() || choices.oneIn(4)
                            ? FORMATS[choices.below(FORMATS.length)]
                            : known.get(choices.below(known.size()))));
        }
        if (choices.oneIn(4)) {
            options.add(Option.of(ACCEPT, FORMATS[choices.below(FORMATS.length)]));
        }
        if (choices.oneIn(4)) {
            int number = OTHER_OPTIONS[choices.below(OTHER_OPTIONS.length)];
            options.add(new Option(number, choices.bytes(choices.below(choices.oneIn(8) ? 12 : 3))));
        }
        return options;
    }

    private Bytes payload(Choices choices, Method method) {
        if (method == Method.GET && !choices.oneIn(10)) {
            return Bytes.EMPTY;
        }
        return switch (choices.below(6)) {
            case 0 -> Bytes.wrap(choices.bytes(choices.below(64)));
            case 1 -> payloads.get(choices.below(payloads.size()));
            case 2 ->
                Bytes.concat(payloads.get(choices.below(payloads.size())), Bytes.wrap(choices.bytes(choices.below(4))));
            default -> mutated(choices, payloads.get(choices.below(payloads.size())));
        };
    }

    /** Some bytes changed, or a part left out, or another in its place. */
    private static Bytes mutated(Choices choices, Bytes whole) {
        if (whole.isEmpty()) {
            return whole;
        }
        byte[] bytes = whole.toArray();
        for (int i = 1 + choices.below(3); i > 0; i--) {
            bytes[choices.below(bytes.length)] = choices.bytes(1)[0];
        }
        Bytes changed = Bytes.wrap(bytes);
        int cut = choices.below(bytes.length);
        return switch (choices.below(6)) {
            case 0 -> changed.slice(0, cut);
            case 1 -> Bytes.concat(changed.slice(0, cut), changed.slice(Math.min(bytes.length, cut + 4), bytes.length));
            case 2 ->
                Bytes.concat(
                        changed.slice(0, cut),
                        Bytes.wrap(choices.bytes(choices.below(9))),
                        changed.slice(cut, bytes.length));
            default -> changed;
        };
    }

    private static void head(ByteArrayOutputStream out, int first, int code, int id) {
        out.write(first);
        out.write(code);
        out.write(id >> 8);
        out.write(id);
    }

    private static int code(Method method) {
        return switch (method) {
            case GET -> 1;
            case POST -> 2;
            case PUT -> 3;
            case DELETE -> 4;
            case FETCH -> 5;
            case PATCH -> 6;
            case IPATCH -> 7;
        };
    }

    private static void option(ByteArrayOutputStream out, int delta, byte[] value) {
        out.write(nibble(delta) << 4 | nibble(value.length));
        extended(out, delta);
        extended(out, value.length);
        out.writeBytes(value);
    }

    private static int nibble(int number) {
        return number < 13 ? number : number < 269 ? 13 : 14;
    }

    private static void extended(ByteArrayOutputStream out, int number) {
        if (number >= 269) {
            out.write(number - 269 >> 8);
            out.write(number - 269);
        } else if (number >= 13) {
            out.write(number - 13);
        }
    }
}
