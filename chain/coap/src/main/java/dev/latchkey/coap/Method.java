package dev.latchkey.coap;

/** What a request asks for: the method codes of RFC 7252, section 5.8, and RFC 8132. */
public enum Method {
    GET,
    POST,
    PUT,
    DELETE,
    FETCH,
    PATCH,
    IPATCH
}
