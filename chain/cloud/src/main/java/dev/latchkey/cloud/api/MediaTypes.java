package dev.latchkey.cloud.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The media types of the API. Stateless. */
final class MediaTypes {
    static final String CBOR = "application/cbor";
    static final String CBOR_SEQUENCE = "application/cbor-seq";
    static final String CHECKPOINT = "application/cose; cose-type=\"cose-sign\"";
    static final String COSE_RECEIPT = "application/cose; cose-type=\"cose-sign1\"";
    static final String JSON = "application/json";
    static final String PROBLEM_CBOR = "application/concise-problem-details+cbor";
    static final String PROBLEM_JSON = "application/problem+json";

    private static final int MAX_ACCEPT = 1_024;
    private static final Pattern WEIGHT = Pattern.compile(";\\s*q=([01](?:\\.[0-9]{0,3})?)");

    private MediaTypes() {}

    /**
     * Whether an Accept header (RFC 9110, section 12.5.1), which may be missing, prefers JSON to CBOR. It does if it names a
     * JSON type with a higher weight than any CBOR type; who names neither gets CBOR.
     */
    static boolean wantsJson(String accept) {
        if (accept == null || accept.length() > MAX_ACCEPT) {
            return false;
        }
        double json = 0;
        double cbor = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            String type = range.split(";", 2)[0].strip();
            if (type.endsWith("/json") || type.endsWith("+json")) {
                json = Math.max(json, weight(range));
            } else if (type.endsWith("/cbor") || type.endsWith("cbor-seq") || type.endsWith("+cbor")) {
                cbor = Math.max(cbor, weight(range));
            }
        }
        return json > cbor;
    }

    private static double weight(String range) {
        Matcher weight = WEIGHT.matcher(range);
        return weight.find() ? Double.parseDouble(weight.group(1)) : 1;
    }
}
