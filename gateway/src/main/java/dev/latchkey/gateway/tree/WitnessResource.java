package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.witness.Judgement;
import dev.latchkey.gateway.witness.WitnessDesk;
import dev.latchkey.gateway.witness.WitnessRequest;
import dev.latchkey.protocol.ContentFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** /w: somebody brings a checkpoint and asks for this gateway's cosignature. Stateless. */
final class WitnessResource {
    private final WitnessDesk desk;

    WitnessResource(WitnessDesk desk) {
        this.desk = desk;
    }

    /** POST /w {@code [old-height / null, path, bstr .cbor checkpoint]}: 2.04 with the body and one cosignature. */
    CompletionStage<CoapResponse> cosign(CoapRequest request) {
        if (request.contentFormat().orElse(-1) != ContentFormat.CBOR) {
            return answer(Problems.of("unsupported-format"));
        }
        if (request.payload().size() > WitnessRequest.MAX_BYTES) {
            return answer(Problems.of("too-large"));
        }
        return WitnessRequest.decode(request.payload())
                .<CompletionStage<CoapResponse>>map(asked ->
                        desk.judge(asked).thenApply(WitnessResource::response).exceptionally(Problems::ofFailure))
                .orElseGet(() -> answer(Problems.of("malformed")));
    }

    private static CoapResponse response(Judgement judgement) {
        if (judgement instanceof Judgement.Given given) {
            return new CoapResponse(
                    Code.CHANGED,
                    OptionalInt.of(ContentFormat.COSE_SIGN),
                    given.checkpoint().encode(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    List.of());
        }
        Judgement.Refused refused = (Judgement.Refused) judgement;
        return Problems.of(refused.code(), refused.detail());
    }
}
