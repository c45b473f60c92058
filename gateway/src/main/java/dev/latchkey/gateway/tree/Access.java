package dev.latchkey.gateway.tree;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Handler;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.VoucherHolder;
import dev.latchkey.gateway.store.StoreFault;
import dev.latchkey.transaction.Role;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who may ask what. Every request is judged by the member's newest verified record, not by what it was when the
 * connection began.
 */
public final class Access {
    private Access() {}

    /**
     * A handler behind a rule of who may ask; only this class makes one. The gateway's servers take no other, so nothing is
     * served that nobody was named for.
     */
    public static final class Guarded implements Handler {
        private final Handler handler;

        private Guarded(Handler handler) {
            this.handler = handler;
        }

        @Override
        public CompletionStage<CoapResponse> handle(CoapRequest request) {
            try {
                return handler.handle(request);
            } catch (StoreFault e) {
                return answer(Problems.of("store-failed"));
            }
        }
    }

    /** A handler for members only. */
    @FunctionalInterface
    public interface MemberHandler {
        CompletionStage<CoapResponse> handle(CoapRequest request, MemberHandle member);
    }

    /**
     * Lets in current members, and those that are moving to another chain or have moved there: for what it takes to finish
     * or cancel a move. Provisional ones too: to find others.
     */
    public static Guarded membersAndMoving(Handler handler) {
        return new Guarded(request -> isKnown(request) ? handler.handle(request) : refused(request));
    }

    /** Lets in current members and provisional ones. */
    public static Guarded membersAndProvisional(MemberHandler handler) {
        return new Guarded(request -> member(request)
                .or(() -> provisional(request))
                .map(member -> handler.handle(request, member))
                .orElseGet(() -> refused(request)));
    }

    /** Lets current members in, whatever their role. */
    public static Guarded members(MemberHandler handler) {
        return new Guarded(request ->
                member(request).map(member -> handler.handle(request, member)).orElseGet(() -> refused(request)));
    }

    /** Lets members of one role in. */
    public static Guarded role(Role role, MemberHandler handler) {
        return members((request, member) ->
                member.record().role() == role ? handler.handle(request, member) : answer(Problems.of("not-allowed")));
    }

    /** As {@link #membersAndMoving}, and lets holders of a voucher in. */
    public static Guarded anyone(Handler handler) {
        return new Guarded(request -> isKnown(request) || request.peer().handle() instanceof VoucherHolder
                ? handler.handle(request)
                : refused(request));
    }

    /** As {@link #anyone}, and lets those in whose provisional join was refused: to learn that. */
    public static Guarded anyoneAndRefused(Handler handler) {
        Handler others = anyone(handler);
        return new Guarded(request -> request.peer().handle() instanceof MemberHandle member && member.isRefused()
                ? handler.handle(request)
                : others.handle(request));
    }

    private static boolean isKnown(CoapRequest request) {
        return request.peer().handle() instanceof MemberHandle member
                && (member.isCurrent() || member.isMoving() || member.isProvisional());
    }

    private static Optional<MemberHandle> provisional(CoapRequest request) {
        return request.peer().handle() instanceof MemberHandle member && member.isProvisional()
                ? Optional.of(member)
                : Optional.empty();
    }

    private static CompletionStage<CoapResponse> refused(CoapRequest request) {
        boolean refused = request.peer().handle() instanceof MemberHandle member && member.isRefused();
        return answer(Problems.of(refused ? "provisional-refused" : "not-a-member"));
    }

    /** The member who asks, if it is one now. */
    public static Optional<MemberHandle> member(CoapRequest request) {
        return request.peer().handle() instanceof MemberHandle member && member.isCurrent()
                ? Optional.of(member)
                : Optional.empty();
    }

    /** An answer that is there already. */
    public static CompletionStage<CoapResponse> answer(CoapResponse response) {
        return CompletableFuture.completedFuture(response);
    }
}
