package dev.latchkey.coap;

import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.CongestionControlLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/** Californium's layers for UDP in their order, with {@link BoundedBlockwiseLayer} in its place. */
final class ServerStack extends BaseCoapStack {
    /** An endpoint on these layers, not yet started. */
    static CoapEndpoint endpoint(Configuration config, Configuration transfers, Connector connector, Tally tally) {
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(config)
                .setConnector(connector)
                .setEndpointContextMatcher(new LinkMatcher())
                .setDataSerializerAndParser(new UdpDataSerializer(), new MessageParser())
                .setCoapStackFactory((protocol, tag, whole, matcher, outbox, custom) ->
                        new ServerStack(tag, whole, transfers, matcher, outbox, tally))
                .build();
        endpoint.addInterceptor(new ProblemBodies());
        return endpoint;
    }

    private ServerStack(
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
