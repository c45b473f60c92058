package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.transaction.ChainId;
import java.util.List;
import java.util.Optional;

/** Which of the served chains a request means. Stateless. */
final class AdminChains {
    private AdminChains() {}

    /** Those of the request: the one that {@code ?n=} names, or all; none if it names another. */
    static List<AdminChain> meant(List<AdminChain> served, CoapRequest request) {
        Optional<String> name = request.parameter("n");
        return name.isEmpty() ? served : named(served, name.get()).map(List::of).orElse(List.of());
    }

    /** The name of a chain; its id in hexadecimal digits if it is not served here any more. */
    static String name(List<AdminChain> served, ChainId id) {
        return served.stream()
                .filter(chain -> chain.id().equals(id))
                .map(AdminChain::name)
                .findFirst()
                .orElseGet(id::toHex);
    }

    /** The chain of a name. */
    static Optional<AdminChain> named(List<AdminChain> served, String name) {
        return served.stream().filter(chain -> chain.name().equals(name)).findFirst();
    }
}
