package dev.latchkey.coap;

import java.security.SecureRandom;
import java.util.BitSet;
import java.util.Optional;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.KeyToken;
import org.eclipse.californium.core.network.TokenGenerator;

/**
 * Tokens of one byte for the requests of one client to one server, of two when those are used up; safe for use by many
 * threads. A token is used again when its answer came, or on a new connection: an answer that somebody held back must not
 * become the answer to another request (RFC 9175, section 4.2). DTLS lets none in twice. A device that gets its answers
 * so never needs the second byte.
 */
final class ShortTokens implements TokenGenerator {
    /** Of the one-byte tokens, those of requests that wait for an answer; the others are of those that wait for none. */
    private static final int AWAITED = 192;

    private static final int ONE_BYTE = 256;
    private static final int LONG_BYTES = 2;
    private static final int LONG_TERM_BIT = 1;

    private final SecureRandom random;
    private final BitSet spent = new BitSet(ONE_BYTE); // guarded by this
    private int next; // guarded by this

    ShortTokens(SecureRandom random) {
        this.random = random;
    }

    /** The store asks again if the token is that of an open request. */
    @Override
    public Token createToken(Scope scope) {
        int value = scope == Scope.SHORT_TERM_CLIENT_LOCAL ? takeAwaited() : ONE_BYTE;
        if (value < ONE_BYTE) {
            return new Token(new byte[] {(byte) value});
        }
        byte[] token = new byte[LONG_BYTES];
        random.nextBytes(token);
        token[0] = (byte) (scope == Scope.LONG_TERM ? token[0] | LONG_TERM_BIT : token[0] & ~LONG_TERM_BIT);
        return new Token(token);
    }

    private synchronized int takeAwaited() {
        int free = spent.nextClearBit(next);
        if (free >= AWAITED) {
            free = spent.nextClearBit(0);
        }
        if (free >= AWAITED) {
            return ONE_BYTE;
        }
        spent.set(free);
        next = free + 1;
        return free;
    }

    /** A token of a request whose answer is dropped: what comes late finds at most another of that kind. */
    synchronized Optional<Token> createForgotten() {
        int free = spent.nextClearBit(AWAITED);
        if (free >= ONE_BYTE) {
            return Optional.empty();
        }
        spent.set(free);
        return Optional.of(new Token(new byte[] {(byte) free}));
    }

    /** The one answer to it came, or it is one of a request whose answer is dropped. */
    synchronized void release(Token token) {
        if (token.length() == 1) {
            spent.clear(token.getBytes()[0] & 0xff);
        }
    }

    /** A new connection: nothing of the old one can arrive on it. */
    synchronized void releaseAll() {
        spent.clear(0, AWAITED);
    }

    @Override
    public Scope getScope(Token token) {
        boolean longTerm = token.length() == LONG_BYTES && (token.getBytes()[0] & LONG_TERM_BIT) != 0;
        return longTerm ? Scope.LONG_TERM : Scope.SHORT_TERM_CLIENT_LOCAL;
    }

    @Override
    public KeyToken getKeyToken(Token token, Object peer) {
        return new KeyToken(token, getScope(token) == Scope.LONG_TERM ? null : peer);
    }
}
