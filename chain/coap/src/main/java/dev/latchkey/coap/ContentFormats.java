package dev.latchkey.coap;

/** The CoAP Content-Formats that the adapter itself writes (IANA registry "CoAP Content-Formats"). */
final class ContentFormats {
    /** application/link-format, RFC 6690. */
    static final int LINK_FORMAT = 40;

    /** application/concise-problem-details+cbor, RFC 9290. */
    static final int PROBLEM = 257;

    private ContentFormats() {}
}
