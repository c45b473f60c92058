package dev.latchkey.coap;

import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.BlockOption;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.stack.Block2BlockwiseStatus;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/**
 * Californium's block-wise transfers (RFC 7959) with a bound on those of one peer. The bound on all transfers is the
 * size of the layer's tables, given by its configuration. An upload beyond its peer's share is refused; of an answer to GET
 * nothing is kept then, so that each further block is asked of the handler anew.
 */
final class BoundedBlockwiseLayer extends BlockwiseLayer {
    private static final int LARGEST_BLOCK_EXPONENT = 6;

    private final Tally tally;

    BoundedBlockwiseLayer(String tag, Configuration transfers, EndpointContextMatcher matcher, Tally tally) {
        super(tag, false, transfers, matcher);
        this.tally = tally;
    }

    @Override
    public void receiveRequest(Exchange exchange, Request request) {
        BlockOption block = request.getOptions().getBlock1();
        if (block != null && !admits(request, block)) {
            tally.uploadsRefused.increment();
            exchange.sendResponse(ResponseWriter.write(Refusals.TOO_MANY_REQUESTS, List.of()));
            return;
        }
        super.receiveRequest(exchange, request);
    }

    private static boolean admits(Request request, BlockOption block) {
        return PeerLink.of(request.getSourceContext())
                .map(link -> {
                    String target = target(request);
                    if (block.isM()) {
                        return link.uploads().admit(target, System.nanoTime());
                    }
                    link.uploads().finish(target);
                    return true;
                })
                .orElse(false);
    }

    @Override
    public void sendResponse(Exchange exchange, Response response) {
        Request request = exchange.getRequest();
        BlockOption asked = request.getOptions().getBlock2();
        int size = asked == null ? CoapSettings.BLOCK_BYTES : Math.min(asked.getSize(), CoapSettings.BLOCK_BYTES);
        if (response.getPayloadSize() > size && (asked == null || asked.getNum() == 0)) {
            Optional<PeerLink> link = PeerLink.of(request.getSourceContext());
            if (link.isPresent() && !link.get().downloads().admit(target(request), System.nanoTime())) {
                super.sendResponse(exchange, withoutMemory(request, response, Optional.ofNullable(asked)));
                return;
            }
        }
        super.sendResponse(exchange, response);
    }

    /** What a POST did is done, and its answer kept: it would do it again for the next block. */
    private Response withoutMemory(Request request, Response response, Optional<BlockOption> asked) {
        if (request.getCode() == Code.FETCH && response.isSuccess()) {
            tally.rateLimited.increment();
            return ResponseWriter.write(Refusals.TOO_MANY_REQUESTS, List.of());
        }
        if (request.getCode() == Code.GET || response.isError()) {
            Block2BlockwiseStatus.crop(
                    response,
                    asked.orElseGet(() -> StandardOptionRegistry.BLOCK2.create(LARGEST_BLOCK_EXPONENT, false, 0)),
                    1);
        }
        return response;
    }

    /** What tells transfers of one peer apart: those of two methods are two. */
    static String target(Request request) {
        return request.getRawCode() + " " + request.getOptions().getUriString();
    }
}
