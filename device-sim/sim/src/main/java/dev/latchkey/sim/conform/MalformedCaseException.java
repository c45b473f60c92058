package dev.latchkey.sim.conform;

/** A line is no case of its kind: broken JSON, a field missing or of the wrong type. It is answered with a rejection. */
final class MalformedCaseException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCaseException(String why) {
        super(why);
    }

    MalformedCaseException(String field, String why) {
        super("field " + field + ": " + why);
    }
}
