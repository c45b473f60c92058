package dev.latchkey.gateway.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkFormatTest {
    private static final String BASE = "coaps://[2001:db8:3::123]:61616";

    /** RFC 6690, section 5, and RFC 9176, section 5. */
    private static final List<String> GOOD = List.of(
            "",
            "</sensors>;ct=40;title=\"Sensor Index\"",
            "</sensors/temp>;if=\"sensor\",</sensors/light>;if=\"sensor\"",
            "</sensors>;ct=40,</sensors/temp>;rt=\"temperature-c\";if=\"sensor\"",
            "<http://www.example.com/sensors/t123>;anchor=\"/sensors/temp\";rel=\"describedby\"",
            "</t>;anchor=\"/sensors/temp\";rel=\"alternate\"",
            "</firmware/v2.1>;rt=\"firmware\";sz=262144",
            "</sensors/temp>;rt=\"temperature-c\";if=\"sensor\";obs,</big>;title=\"a, b; <c> \\\"d\\\" \\\\\"",
            "</>;rt=x",
            "<coap://a.example/%C3%A9?q=1&r=[2]>;title*=UTF-8'en'x");

    @Test
    void whatIsReadIsWrittenAgain() throws Exception {
        for (String document : GOOD) {
            List<Link> links = LinkFormat.parse(Bytes.utf8(document), 10);
            assertThat(links.stream().map(Link::text).collect(Collectors.joining(",")))
                    .isEqualTo(document);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "<",
                "</a",
                "</a>,",
                ",</a>",
                "</a></b>",
                "</a>;",
                "</a>;=1",
                "</a>;rt=",
                "</a>;rt=\"x",
                "</a>;rt=\"x\\",
                "</a>; rt=x",
                "</a> ;rt=x",
                "</a>, </b>",
                "</a>;rt=\"x\"y",
                "</a>;rt=a;rt=b",
                "</a>;rt=\"\n\"",
                "</a>;anchor=\"b\"",
                "</a>;anchor",
                "</a>;anchor=\"//evil.example/\"",
                "<a>",
                "<>",
                "<//evil.example/a>",
                "</a b>",
                "</%zz>",
                "</a\\>",
                "</ä>",
                "<1x:/a>",
                "</a>;r t=x",
                "</a>;" + "n123456789012345678901234567890123=x",
            })
    void refuses(String document) {
        assertThatThrownBy(() -> LinkFormat.parse(Bytes.utf8(document), 10))
                .isInstanceOf(MalformedLinksException.class);
    }

    @Test
    void refusesWhatIsTooMuchOrNoText() {
        for (Bytes bad : List.of(
                Bytes.of((byte) '<', (byte) '/', (byte) 0xc3, (byte) '>'),
                Bytes.utf8("</a>".repeat(2)),
                Bytes.utf8("</a>,</b>,</c>"),
                Bytes.utf8("</" + "a".repeat(LinkFormat.MAX_LINK_BYTES) + ">"),
                Bytes.utf8("</a>;x=\"" + "a".repeat(LinkFormat.MAX_LINK_BYTES) + "\""),
                Bytes.utf8("</a>;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q"))) {
            assertThatThrownBy(() -> LinkFormat.parse(bad, 2)).isInstanceOf(MalformedLinksException.class);
        }
    }

    @Test
    void targetsAndAnchorsBecomeFullUris() throws Exception {
        List<Link> links = LinkFormat.parse(
                Bytes.utf8("</t>;rt=x,<http://a.example/b>;rel=x,<http://a.example/b>;anchor=\"/t\""), 10);
        assertThat(links.stream().map(link -> link.resolved(BASE).text()))
                .containsExactly(
                        "<" + BASE + "/t>;rt=x",
                        "<http://a.example/b>;rel=x;anchor=\"" + BASE + "\"",
                        "<http://a.example/b>;anchor=\"" + BASE + "/t\"");
    }

    @Test
    void aBaseIsSchemeAndAuthority() {
        assertThat(List.of(BASE, "coaps://10.0.0.1", "coap+tcp://host.example:5683"))
                .allMatch(LinkFormat::isBase);
        assertThat(List.of("", "coaps://", "coaps://a/", "coaps://a/b", "//a", "coaps://a\"", "coaps://a>,<x", "a:b"))
                .noneMatch(LinkFormat::isBase);
    }

    /** Anything is refused with the one exception, or is what can be written and read again, within its bounds. */
    @Test
    void hostileBytesAreRefusedOrUnderstood() throws Exception {
        Random random = new Random(9176);
        String marks = "<>;,=\"\\/ :%#?a1*[]\u00e9\u0000\u007f";
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                int at = random.nextInt(text.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, marks.charAt(random.nextInt(marks.length())));
                    case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                    default -> text.insert(at, GOOD.get(random.nextInt(GOOD.size())));
                }
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(8) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                List<Link> links = LinkFormat.parse(Bytes.of(bytes), 8);
                understood++;
                assertThat(links.size()).isLessThanOrEqualTo(8);
                String written = links.stream().map(Link::text).collect(Collectors.joining(","));
                assertThat(Bytes.utf8(written).size()).isLessThanOrEqualTo(bytes.length);
                assertThat(LinkFormat.parse(Bytes.utf8(written), 8)).isEqualTo(links);
            } catch (MalformedLinksException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(understood).isBetween(1_000, 19_000);
    }

    @Test
    void aLongDocumentCostsNoMoreThanItsLength() {
        Bytes nested = Bytes.utf8("</a>;x=\"" + "\\\\".repeat(30_000));
        Bytes slashes = Bytes.utf8("<" + "/".repeat(60_000) + ">");
        long began = System.nanoTime();
        for (Bytes hostile : List.of(nested, slashes)) {
            assertThatThrownBy(() -> LinkFormat.parse(hostile, 8)).isInstanceOf(MalformedLinksException.class);
        }
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }
}
