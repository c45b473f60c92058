package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.odd.Choices;
import dev.latchkey.cloud.odd.OddBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Makes HTTP/1.1 requests that are almost requests of the API. Immutable. */
final class OddCalls {
    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "PUT", "HEAD", "get", "PRI");
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "-1",
            "00",
            "1e3",
            "9223372036854775805",
            "9223372036854775806",
            "9223372036854775807",
            "18446744073709551616",
            "",
            "owner",
            "owner,gw-1,nobody",
            "Owner",
            "d-new",
            "chains",
            "mailboxes",
            "n1",
            "%00",
            "%",
            "%zz",
            "%2f",
            "%2e%2e",
            "..",
            ";a=b",
            "a".repeat(300),
            ",".repeat(40),
            "ab".repeat(32),
            "00".repeat(32),
            "%c3%a9",
            "%ff%fe",
            "cose",
            "*");
    private static final List<String> QUERIES = List.of(
            "h", "from", "to", "follow", "names", "a", "b", "q", "form", "after", "limit", "upto", "chain", "other");
    private static final List<String> HEADERS = List.of(
            "Accept: application/json",
            "Accept: application/json;q=0, */*",
            "Accept: " + "a/b,".repeat(200),
            "Content-Type: application/cbor",
            "Content-Type: text/plain",
            "Content-Type: ;;;",
            "If-None-Match: *",
            "If-None-Match: \"a\", \"b\"",
            "Range: bytes=0-1",
            "Expect: 100-continue",
            "Accept-Encoding: gzip",
            "Latchkey-Forwarded-Key: none",
            "Latchkey-Forwarded-Key: " + "0".repeat(66),
            "Latchkey-Forwarded-From: 127.0.0.1",
            "Latchkey-Forwarded-From: fa.ce",
            "Latchkey-Forwarded-From: ::::",
            "Latchkey-Serve-Ticket: %%%",
            "X-Empty:",
            "Host: other");

    /** An operation and what of its kind is right. */
    record Sample(String method, String path, Bytes body) {}

    private final String chain;
    private final List<Sample> samples;
    private final String ticket;

    OddCalls(String chain, List<Sample> samples, String ticket) {
        this.chain = chain;
        this.samples = List.copyOf(samples);
        this.ticket = ticket;
    }

    /** What was asked, for the report of a finding. */
    record Asked(String line, Bytes whole) {}

    Asked next(Choices choices) {
        Sample sample = choices.of(samples);
        String method = choices.oneIn(12) ? choices.of(METHODS) : sample.method();
        String path = path(choices, sample.path());
        boolean follow = path.contains("follow") || method.equals("HEAD");
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: a\r\n");
        for (int more = choices.below(3); more > 0; more--) {
            head.append(choices.of(HEADERS)).append("\r\n");
        }
        if (choices.oneIn(3)) {
            head.append("Latchkey-Serve-Ticket: ").append(ticket(choices)).append("\r\n");
        }
        Bytes body = body(choices, sample);
        head.append("Content-Length: ").append(body.size()).append("\r\n");
        if (follow) {
            head.append("Connection: close\r\n");
        }
        String line = head.toString().replace("\r\n", " | ");
        return new Asked(line, Bytes.concat(Bytes.wrap((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1)), body));
    }

    private String ticket(Choices choices) {
        if (choices.oneIn(2)) {
            return ticket;
        }
        int at = choices.below(ticket.length());
        return ticket.substring(0, at) + choices.of(List.of("", "A", "-", "=", " ", "!")) + ticket.substring(at);
    }

    private Bytes body(Choices choices, Sample sample) {
        if (sample.body().isEmpty()) {
            return choices.oneIn(8) ? Bytes.wrap(choices.bytes(choices.below(40))) : Bytes.EMPTY;
        }
        Bytes near = choices.oneIn(20) ? choices.of(samples).body() : sample.body();
        return choices.oneIn(16) || near.isEmpty() ? near : OddBytes.of(choices, near);
    }

    private String path(Choices choices, String template) {
        StringBuilder path = new StringBuilder();
        Map<String, String> right = Map.of(
                "{c}",
                chain,
                "{name}",
                "owner",
                "{height}",
                "0",
                "{txid}",
                "00".repeat(32),
                "{group}",
                "mailboxes",
                "{id}",
                "n9");
        String[] pieces = template.split("\\?", 2);
        for (String segment : pieces[0].substring(1).split("/")) {
            String good = right.getOrDefault(segment, segment);
            boolean odd = choices.oneIn(segment.startsWith("{") ? 6 : 60);
            path.append('/').append(odd ? choices.of(VALUES) : good);
        }
        StringBuilder query = new StringBuilder(pieces.length > 1 ? pieces[1].replace("{c}", chain) : "");
        for (int more = choices.oneIn(2) ? 1 + choices.below(3) : 0; more > 0; more--) {
            query.append(query.isEmpty() ? "" : "&")
                    .append(choices.of(QUERIES))
                    .append('=')
                    .append(choices.of(VALUES));
        }
        return query.isEmpty() ? path.toString() : path + "?" + query;
    }
}
