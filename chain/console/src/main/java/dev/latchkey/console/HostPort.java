package dev.latchkey.console;

import java.net.InetSocketAddress;

/**
 * Where something listens or is reached, as people write it: {@code host:port}, {@code 192.0.2.1:5684},
 * {@code [2001:db8::1]:5684}. Port 0 means any free one.
 */
public record HostPort(String host, int port) {
    /** As long as a host name can be (RFC 1035, section 2.3.4). */
    private static final int MAX_HOST = 255;

    public HostPort {
        if (host.isEmpty() || host.length() > MAX_HOST) {
            throw new IllegalArgumentException("host must have 1 to " + MAX_HOST + " characters");
        }
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port must be 0 to 65535");
        }
    }

    /** @throws IllegalArgumentException when the text is not a host and a port; its message says what is expected */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (colon < 0 || (bracketed && text.indexOf(']') != colon - 1) || (!bracketed && text.indexOf(':') != colon)) {
            throw new IllegalArgumentException("not host:port (IPv6 in brackets): " + text);
        }
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port number: " + text);
        }
    }

    public static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort());
    }

    /** Resolves the host's name; the address is unresolved when there is none. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
