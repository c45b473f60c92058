package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.console.LogRing;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /a/lg}: what the gateway logged lately, observable. {@code records} are in the order in which they came, each
 * {@code {number, time-ms, level, logger, text}}; {@code last} is the number of the newest there is.
 *
 * <p>{@code ?after=} asks for the oldest with a greater number, so that who follows misses none; without it the newest are
 * meant. {@code ?level=} leaves out what is less. At most {@link #PAGE_BYTES} of text at once.
 */
public final class LogResource implements AdminResource {
    /** Its path, for notifications. */
    public static final String LOG = "/a/lg";

    static final String AFTER = "after";
    static final String LEVEL = "level";
    static final String RECORDS = "records";
    static final String NUMBER = "number";

    /** Of the records' texts, so that an answer stays well below the largest body. */
    private static final int PAGE_BYTES = 32 * 1_024;
    /** What a record takes beside its text. */
    private static final int RECORD_BYTES = 100;

    private static final int MAX_DIGITS = 18;
    private final LogRing ring;

    public LogResource(LogRing ring) {
        this.ring = ring;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.observable(
                LOG,
                (request, admin) -> Access.answer(answer(request)),
                LinkAttributes.type("latchkey.log", ContentFormat.CBOR, ContentFormat.JSON));
    }

    private CoapResponse answer(CoapRequest request) {
        String after = request.parameter(AFTER).orElse("0");
        String level = request.parameter(LEVEL).orElse("trace");
        if (!after.matches("[0-9]{1," + MAX_DIGITS + "}") || !level.matches("error|warn|info|debug|trace")) {
            return Problems.of("malformed");
        }
        boolean oldestFirst = request.parameter(AFTER).isPresent();
        List<LogRing.Entry> found = ring.entries(Long.parseLong(after), level);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("last", ring.last());
        values.put(RECORDS, page(found, oldestFirst));
        return Values.answer(request, values);
    }

    /** As many from one end as fit. */
    private static List<Object> page(List<LogRing.Entry> found, boolean oldestFirst) {
        List<Object> page = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < found.size(); i++) {
            LogRing.Entry entry = found.get(oldestFirst ? i : found.size() - 1 - i);
            bytes += RECORD_BYTES + entry.text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > PAGE_BYTES) {
                break;
            }
            page.add(oldestFirst ? page.size() : 0, values(entry));
        }
        return page;
    }

    private static Map<String, Object> values(LogRing.Entry entry) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(NUMBER, entry.number());
        values.put("time-ms", entry.time().toEpochMilli());
        values.put(LEVEL, entry.level());
        values.put("logger", entry.logger());
        values.put("text", entry.text());
        return values;
    }
}
