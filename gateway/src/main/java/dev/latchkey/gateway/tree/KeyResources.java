package dev.latchkey.gateway.tree;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** /k and /k/{name}: records, presence, absence and histories as the verified replica of a chain has them. Stateless. */
final class KeyResources {
    /** Sixteen names of 32 characters. */
    private static final int MAX_QUESTION_BYTES = 1_024;

    private static final int MAX_NAME = 32;

    private KeyResources() {}

    /**
     * GET /k/{name}: the record, or the join of a provisional member. With p=1 record or null, and the proof under the checkpoint of height h; with v=1 the
     * records newest first, and the proof of the newest.
     */
    static CoapResponse key(CoapRequest request, Replica replica, ProvisionalMembers provisionals) {
        String name = request.variable("name");
        if (!Names.isValid(name)) {
            return Problems.of("bad-name");
        }
        if (isSet(request, "v")) {
            return history(request, replica, name);
        }
        return isSet(request, "p") ? proven(request, replica, name) : current(replica, name, provisionals);
    }

    /** FETCH /k: {@code [1*16 name]}, said to be CBOR (RFC 8132, section 2.1); the records or nulls in the same order, with one proof in which they share nodes. */
    static CoapResponse keys(CoapRequest request, Replica replica) {
        return asked(
                request,
                names -> head(request, replica)
                        .map(head -> Cacheable.proof(request, KeysProof.answer(head.state(), names)))
                        .orElseGet(() -> Problems.of("stale-height")),
                refusal -> refusal);
    }

    /** What a FETCH asks for, answered, or why it is no question. */
    static <T> T asked(CoapRequest request, Function<List<String>, T> answer, Function<CoapResponse, T> refused) {
        if (request.contentFormat().orElse(-1) != ContentFormat.CBOR) {
            return refused.apply(Problems.of("unsupported-format"));
        }
        Optional<List<String>> names = question(request.payload());
        if (names.isEmpty()) {
            return refused.apply(Problems.of("malformed"));
        }
        if (!names.get().stream().allMatch(Names::isValid)) {
            return refused.apply(Problems.of("bad-name"));
        }
        return answer.apply(names.get());
    }

    /** The head that the caller holds, or the newest; empty if it was never handed out here or is no longer kept. */
    static Optional<Head> head(CoapRequest request, Replica replica) {
        Optional<String> height = request.parameter("h");
        if (height.isEmpty()) {
            return replica.heads().newest();
        }
        OptionalLong number = Parameters.number(height.get());
        return number.isPresent() ? replica.heads().at(number.getAsLong()) : Optional.empty();
    }

    private static CoapResponse proven(CoapRequest request, Replica replica, String name) {
        return head(request, replica)
                .map(head -> Cacheable.proof(request, KeyProof.answer(head.state(), name)))
                .orElseGet(() -> Problems.of("stale-height"));
    }

    private static CoapResponse history(CoapRequest request, Replica replica, String name) {
        Optional<Head> head = head(request, replica);
        if (head.isEmpty()) {
            return Problems.of("stale-height");
        }
        ChainState state = head.get().state();
        List<Bytes> older = state.member(name)
                .map(record -> replica.recordsBefore(record, KeyHistory.MAX_RECORDS - 1))
                .orElse(List.of());
        return KeyHistory.answer(state, name, older)
                .map(answer -> Cacheable.proof(request, answer))
                .orElseGet(() -> Problems.of("unknown-name"));
    }

    private static CoapResponse current(Replica replica, String name, ProvisionalMembers provisionals) {
        return replica.state()
                .flatMap(state -> state.member(name))
                .map(MemberRecord::encode)
                .or(() -> provisionals.answer(replica.chain(), name))
                .map(record -> Cacheable.of(ContentFormat.CBOR, record, Cacheable.CURRENT_SECONDS))
                .orElseGet(() -> Problems.of("unknown-name"));
    }

    private static Optional<List<String>> question(Bytes body) {
        try {
            List<String> names = new ArrayList<>();
            for (Item name : Cbor.decode(body, MAX_QUESTION_BYTES).asArray(1, KeysProof.MAX_NAMES)) {
                names.add(name.asText(MAX_NAME));
            }
            return Optional.of(names).filter(KeysProof::isQuestion);
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }

    private static boolean isSet(CoapRequest request, String parameter) {
        return request.parameter(parameter).filter("1"::equals).isPresent();
    }
}
