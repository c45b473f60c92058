package dev.latchkey.device;

import dev.latchkey.transaction.Names;

/**
 * A gateway and where it is. Its key is not part of it: the chain tells that, by the record of the name.
 *
 * @param name the gateway's name in the chain
 * @param host its address, at most 253 characters
 * @param port its coaps port
 */
public record GatewayAddress(String name, String host, int port) {
    private static final int MAX_HOST = 253;
    private static final int MAX_PORT = 65_535;

    public GatewayAddress {
        if (!Names.isValid(name) || host.isBlank() || host.length() > MAX_HOST || port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a gateway's name, host and port");
        }
    }
}
