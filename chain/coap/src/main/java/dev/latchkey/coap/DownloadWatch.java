package dev.latchkey.coap;

import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.BlockOption;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.stack.AbstractLayer;

/** Below the block-wise layer: sees the last block of an answer go, or its next one. Stateless. */
final class DownloadWatch extends AbstractLayer {
    @Override
    public void sendResponse(Exchange exchange, Response response) {
        BlockOption block = response.getOptions().getBlock2();
        if (block != null && block.getNum() > 0) {
            String target = BoundedBlockwiseLayer.target(exchange.getRequest());
            PeerLink.of(exchange.getRequest().getSourceContext())
                    .map(PeerLink::downloads)
                    .ifPresent(downloads -> {
                        if (block.isM()) {
                            downloads.goesOn(target, System.nanoTime());
                        } else {
                            downloads.finish(target);
                        }
                    });
        }
        super.sendResponse(exchange, response);
    }
}
