package dev.latchkey.protocol;

/** CoAP Content-Formats in use (IANA registry "CoAP Content-Formats"). */
public final class ContentFormat {
    /** application/cose; cose-type="cose-encrypt0": a reading. */
    public static final int COSE_ENCRYPT0 = 16;

    /** application/cose; cose-type="cose-sign1": an opener, a digest, a serve ticket, a provisional receipt. */
    public static final int COSE_SIGN1 = 18;

    /** application/link-format. */
    public static final int LINK_FORMAT = 40;

    /** application/json, for people. */
    public static final int JSON = 50;

    /** application/cbor. */
    public static final int CBOR = 60;

    /** application/cbor-seq. */
    public static final int CBOR_SEQUENCE = 63;

    /** application/cose; cose-type="cose-sign": a transaction, a checkpoint. */
    public static final int COSE_SIGN = 98;

    /** application/senml+cbor. */
    public static final int SENML_CBOR = 112;

    /** application/concise-problem-details+cbor (RFC 9290). */
    public static final int PROBLEM = 257;

    private ContentFormat() {}
}
