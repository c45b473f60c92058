package dev.latchkey.coap;

/**
 * A response code, class and detail, such as 4.04 (RFC 7252, section 12.1.2).
 *
 * @param clazz 2 success, 4 client error, 5 server error
 * @param detail 0 to 31
 */
public record Code(int clazz, int detail) {
    public static final Code CREATED = new Code(2, 1);
    public static final Code DELETED = new Code(2, 2);
    public static final Code VALID = new Code(2, 3);
    public static final Code CHANGED = new Code(2, 4);
    public static final Code CONTENT = new Code(2, 5);
    public static final Code BAD_REQUEST = new Code(4, 0);
    public static final Code UNAUTHORIZED = new Code(4, 1);
    public static final Code BAD_OPTION = new Code(4, 2);
    public static final Code FORBIDDEN = new Code(4, 3);
    public static final Code NOT_FOUND = new Code(4, 4);
    public static final Code METHOD_NOT_ALLOWED = new Code(4, 5);
    public static final Code NOT_ACCEPTABLE = new Code(4, 6);
    /** 4.08, RFC 7959, section 2.9.2: a block of the body is missing. */
    public static final Code ENTITY_INCOMPLETE = new Code(4, 8);
    /** 4.09, RFC 8132, section 3.4. */
    public static final Code CONFLICT = new Code(4, 9);

    public static final Code PRECONDITION_FAILED = new Code(4, 12);
    public static final Code ENTITY_TOO_LARGE = new Code(4, 13);
    public static final Code UNSUPPORTED_CONTENT_FORMAT = new Code(4, 15);
    /** 4.22, RFC 8132, section 3.4. */
    public static final Code UNPROCESSABLE_ENTITY = new Code(4, 22);
    /** 4.29, RFC 8516. */
    public static final Code TOO_MANY_REQUESTS = new Code(4, 29);

    public static final Code INTERNAL_SERVER_ERROR = new Code(5, 0);
    public static final Code NOT_IMPLEMENTED = new Code(5, 1);
    public static final Code BAD_GATEWAY = new Code(5, 2);
    public static final Code SERVICE_UNAVAILABLE = new Code(5, 3);
    public static final Code GATEWAY_TIMEOUT = new Code(5, 4);
    public static final Code PROXYING_NOT_SUPPORTED = new Code(5, 5);

    private static final int MAX_DETAIL = 31;

    public Code {
        if ((clazz != 2 && clazz != 4 && clazz != 5) || detail < 0 || detail > MAX_DETAIL) {
            throw new IllegalArgumentException("not a response code");
        }
    }

    public boolean isSuccess() {
        return clazz == 2;
    }

    /** As written in the RFCs: "4.04". */
    @Override
    public String toString() {
        return clazz + (detail < 10 ? ".0" : ".") + detail;
    }
}
