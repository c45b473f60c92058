package dev.latchkey.coap;

import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.CongestionControlLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/** Californium's layers for UDP in their order, with {@link BoundedBlockwiseLayer} in its place. */
final class ServerStack extends BaseCoapStack {
    ServerStack(
            String tag,
            Configuration config,
            Configuration transfers,
            EndpointContextMatcher matcher,
            Outbox outbox,
            Tally tally) {
        super(outbox);
        setLayers(new Layer[] {
            new ExchangeCleanupLayer(config),
            new ObserveLayer(config),
            new BoundedBlockwiseLayer(tag, transfers, matcher, tally),
            new DownloadWatch(),
            CongestionControlLayer.newImplementation(tag, config)
        });
    }
}
