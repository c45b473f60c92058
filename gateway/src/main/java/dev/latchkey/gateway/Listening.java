package dev.latchkey.gateway;

import dev.latchkey.coap.CoapsServer;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.settings.GatewaySettings.CoapBounds;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/** Makes the CoAP servers of a gateway as its settings say. Stateless. */
final class Listening {
    private Listening() {}

    /** Binds an address and serves there. */
    @FunctionalInterface
    interface Binding<T> {
        T bind(InetSocketAddress address) throws IOException;
    }

    /** A server with the gateway's DTLS key and bounds, and without routes. */
    static CoapsServer.Builder server(KeyPair dtls, CoapBounds bounds) {
        CoapsServer.Builder builder = CoapsServer.builder()
                .onlyHandlers(Access.Guarded.class)
                .identity(dtls)
                .connectionIdLength(bounds.connectionIdLength())
                .maxBody(SignedTransaction.MAX_BYTES)
                .limits(bounds.limits());
        return bounds.threads() == 0 ? builder : builder.threads(Math.max(2, bounds.threads()));
    }

    /**
     * Binds the port and serves.
     *
     * @param setting names the address in complaints
     * @throws UsageFault if there is no such host or the port is in use
     */
    static CoapsServer listen(String setting, HostPort address, CoapsServer.Builder server) throws IOException {
        return bound(setting, address, resolved -> server.address(resolved).start());
    }

    /** The same for anything that binds an address. */
    static <T> T bound(String setting, HostPort address, Binding<T> binding) throws IOException {
        InetSocketAddress resolved = address.address();
        if (resolved.isUnresolved()) {
            throw new UsageFault(setting + ": no such host: " + address);
        }
        try {
            return binding.bind(resolved);
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new UsageFault(setting + ": the port is in use: " + address);
                }
            }
            throw e;
        }
    }
}
