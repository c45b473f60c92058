package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.TokenGenerator.Scope;
import org.junit.jupiter.api.Test;

class ShortTokensTest {
    private static final int AWAITED = 192;
    private static final int FORGOTTEN = 64;

    private final ShortTokens tokens = new ShortTokens(Lab.RANDOM);

    private Token awaited() {
        return tokens.createToken(Scope.SHORT_TERM_CLIENT_LOCAL);
    }

    @Test
    void oneByteIsEnoughAsLongAsAnswersCome() {
        for (int i = 0; i < 1_000; i++) {
            Token token = awaited();
            assertThat(token.length()).isEqualTo(1);
            tokens.release(token);
        }
    }

    @Test
    void anAnsweredTokenIsUsedAgainAfterAllOthers() {
        Token first = awaited();
        tokens.release(first);
        for (int i = 1; i < AWAITED; i++) {
            assertThat(awaited()).isNotEqualTo(first);
        }
        assertThat(awaited()).isEqualTo(first);
    }

    @Test
    void oneWhoseAnswerNeverCameIsNotUsedAgainOnThisConnection() {
        Set<Token> unanswered = new HashSet<>();
        for (int i = 0; i < AWAITED; i++) {
            assertThat(unanswered.add(awaited())).isTrue();
        }
        assertThat(awaited().length()).isEqualTo(2);
        tokens.releaseAll();
        assertThat(unanswered).contains(awaited());
    }

    @Test
    void whatIsForgottenNeverSharesATokenWithWhatIsAwaited() {
        Set<Token> forgotten = new HashSet<>();
        for (int i = 0; i < FORGOTTEN; i++) {
            forgotten.add(tokens.createForgotten().orElseThrow());
        }
        assertThat(forgotten).hasSize(FORGOTTEN);
        assertThat(tokens.createForgotten()).isEmpty();
        tokens.releaseAll();
        assertThat(tokens.createForgotten()).isEmpty();
        for (int i = 0; i < 2 * AWAITED; i++) {
            assertThat(forgotten).doesNotContain(awaited());
        }
        forgotten.forEach(tokens::release);
        assertThat(tokens.createForgotten()).isPresent();
    }

    @Test
    void observationsHaveTokensThatNoRequestHas() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(tokens.getScope(tokens.createToken(Scope.LONG_TERM))).isEqualTo(Scope.LONG_TERM);
            assertThat(tokens.getScope(awaited())).isEqualTo(Scope.SHORT_TERM_CLIENT_LOCAL);
        }
    }
}
