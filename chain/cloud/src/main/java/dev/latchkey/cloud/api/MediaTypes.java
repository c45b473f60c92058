package dev.latchkey.cloud.api;

/** The media types of the API. Stateless. */
final class MediaTypes {
    static final String CBOR = "application/cbor";
    static final String CBOR_SEQUENCE = "application/cbor-seq";
    static final String CHECKPOINT = "application/cose; cose-type=\"cose-sign\"";
    static final String COSE_RECEIPT = "application/cose; cose-type=\"cose-sign1\"";
    static final String JSON = "application/json";
    static final String PROBLEM_CBOR = "application/concise-problem-details+cbor";
    static final String PROBLEM_JSON = "application/problem+json";

    private MediaTypes() {}

    /** Whether an Accept header, which may be missing, asks for JSON. */
    static boolean wantsJson(String accept) {
        return accept != null && (accept.contains("json") && !accept.contains("cbor"));
    }
}
