package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.directory.Link;
import dev.latchkey.gateway.directory.Registration;
import dev.latchkey.gateway.directory.ResourceDirectory;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.ContentFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** /rd-lookup: who has registered, and what they offer (RFC 9176, section 6). Safe for use by many threads. */
final class LookupResources {
    /** Links of one answer, at most 768 bytes each, so that a page fits a body. */
    static final int MAX_COUNT = 64;

    /** A look-up goes through all registrations: that many at one time, further ones are to come again. */
    private static final int MAX_AT_ONCE = 2;

    private final ResourceDirectory directory;
    private final AskedChain asked;
    private final Executor workers;
    private final Semaphore running = new Semaphore(MAX_AT_ONCE);

    LookupResources(ResourceDirectory directory, AskedChain asked, Executor workers) {
        this.directory = directory;
        this.asked = asked;
        this.workers = workers;
    }

    /** Finds links of a registration. */
    @FunctionalInterface
    private interface Search {
        Stream<Link> of(Registration registration, Link self, Map<String, String> filters);
    }

    /** GET /rd-lookup/ep: endpoints that each filter fits, or one of whose links it fits. */
    CompletionStage<CoapResponse> endpoints(CoapRequest request, MemberHandle member) {
        return found(request, (registration, self, filters) -> {
            boolean fits = filters.entrySet().stream()
                    .allMatch(filter -> self.matches(filter.getKey(), filter.getValue())
                            || registration.links().stream()
                                    .anyMatch(link -> link.matches(filter.getKey(), filter.getValue())));
            return fits ? Stream.of(self) : Stream.empty();
        });
    }

    /** GET /rd-lookup/res: links, with full URIs, that each filter fits, or whose endpoint it fits. */
    CompletionStage<CoapResponse> resources(CoapRequest request, MemberHandle member) {
        return found(
                request,
                (registration, self, filters) -> registration.links().stream()
                        .map(link -> link.resolved(registration.base()))
                        .filter(link -> filters.entrySet().stream()
                                .allMatch(filter -> link.matches(filter.getKey(), filter.getValue())
                                        || self.matches(filter.getKey(), filter.getValue()))));
    }

    private CompletionStage<CoapResponse> found(CoapRequest request, Search search) {
        if (request.accept().orElse(ContentFormat.LINK_FORMAT) != ContentFormat.LINK_FORMAT) {
            return answer(Problems.of("not-acceptable"));
        }
        OptionalLong page = Parameters.number(request, "page", 0);
        OptionalLong count = Parameters.number(request, "count", MAX_COUNT);
        boolean pageAlone = request.parameter("page").isPresent()
                && request.parameter("count").isEmpty();
        if (page.isEmpty()
                || page.getAsLong() > Integer.MAX_VALUE
                || count.isEmpty()
                || count.getAsLong() < 1
                || pageAlone) {
            return answer(Problems.of("malformed"));
        }
        Map<String, String> filters = new LinkedHashMap<>(request.query());
        filters.remove("page");
        filters.remove("count");
        if (!running.tryAcquire()) {
            return answer(Problems.of("overloaded"));
        }
        long most = Math.min(count.getAsLong(), MAX_COUNT);
        return CompletableFuture.supplyAsync(() -> page(search, filters, page.getAsLong() * most, most), workers)
                .whenComplete((response, failure) -> running.release())
                .exceptionally(Problems::ofFailure);
    }

    private CoapResponse page(Search search, Map<String, String> filters, long skipped, long most) {
        Map<Bytes, String> sectors = asked.served().stream()
                .collect(Collectors.toMap(
                        replica -> replica.chain().bytes(),
                        replica -> replica.state().map(ChainState::chainName).orElse("")));
        List<String> found = new ArrayList<>();
        directory.all().stream()
                .flatMap(registration -> search.of(
                        registration,
                        registration.self(
                                sectors.getOrDefault(registration.chain().bytes(), "")),
                        filters))
                .skip(skipped)
                .limit(most)
                .forEach(link -> found.add(link.text()));
        return DirectoryResources.links(found);
    }
}
