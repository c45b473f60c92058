package dev.latchkey.coap;

import java.util.List;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.option.BlockOption;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/**
 * Californium's block-wise transfers (RFC 7959) with a bound on the uploads of one peer. The bound on all transfers is
 * the size of the layer's tables, given by its configuration.
 */
final class BoundedBlockwiseLayer extends BlockwiseLayer {
    BoundedBlockwiseLayer(String tag, Configuration transfers, EndpointContextMatcher matcher) {
        super(tag, false, transfers, matcher);
    }

    @Override
    public void receiveRequest(Exchange exchange, Request request) {
        BlockOption block = request.getOptions().getBlock1();
        if (block != null && !admits(request, block)) {
            exchange.sendResponse(ResponseWriter.write(Refusals.TOO_MANY_REQUESTS, List.of()));
            return;
        }
        super.receiveRequest(exchange, request);
    }

    private static boolean admits(Request request, BlockOption block) {
        return PeerLink.of(request.getSourceContext())
                .map(link -> {
                    String target = request.getOptions().getUriString();
                    if (block.isM()) {
                        return link.uploads().admit(target, System.nanoTime());
                    }
                    link.uploads().finish(target);
                    return true;
                })
                .orElse(false);
    }
}
