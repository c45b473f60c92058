package dev.latchkey.cbor;

import java.util.OptionalInt;

/** Bytes from outside are not the CBOR that was asked for. The text is static; what varies is in the fields. */
public final class MalformedCborException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int NOWHERE = -1;

    /** What is wrong. */
    public enum Reason {
        TOO_LARGE("more bytes than the limit"),
        TRUNCATED("the input ends inside an item"),
        TRAILING_BYTES("bytes after the item"),
        LENGTH_OUT_OF_INPUT("a length reaches past the end of the input"),
        TOO_DEEP("nested more than 16 levels deep"),
        TOO_MANY_ITEMS("more than 65536 items"),
        TOO_MANY_ENTRIES("a map of more than 256 entries"),
        NOT_SHORTEST("a number or length not in its shortest form"),
        INDEFINITE_LENGTH("an indefinite length"),
        RESERVED("a reserved or misplaced initial byte"),
        UNSORTED_KEYS("map keys not in bytewise order"),
        DUPLICATE_KEY("a map key that stands twice"),
        INVALID_UTF8("text that is not UTF-8"),
        UNKNOWN_SIMPLE_VALUE("a simple value other than false, true and null"),
        UNKNOWN_TAG("a tag other than 4, decimal fraction"),
        MALFORMED_DECIMAL("a decimal fraction that is not an array of two integers"),
        DECODER_REFUSED("refused by the decoder behind the validator"),
        WRONG_TYPE("an item of another type than expected"),
        WRONG_SIZE("a string or array of another size than expected"),
        OUT_OF_RANGE("a number outside the expected range"),
        WRONG_VALUE("a value that has no meaning at this place");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;
    private final int offset;

    /** A refusal found after decoding, where offsets are no longer known. */
    public MalformedCborException(Reason reason) {
        this(reason, NOWHERE);
    }

    MalformedCborException(Reason reason, int offset) {
        super(reason.text);
        this.reason = reason;
        this.offset = offset;
    }

    public Reason reason() {
        return reason;
    }

    /** Where in the input the offending item begins, where that is known. */
    public OptionalInt offset() {
        return offset == NOWHERE ? OptionalInt.empty() : OptionalInt.of(offset);
    }
}
