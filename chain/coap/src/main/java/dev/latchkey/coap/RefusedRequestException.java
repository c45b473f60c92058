package dev.latchkey.coap;

/** A request that no handler shall see, and what it is answered with. */
final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CoapResponse answer;

    RefusedRequestException(CoapResponse answer) {
        super("the request is refused", null, false, false);
        this.answer = answer;
    }

    CoapResponse answer() {
        return answer;
    }
}
