package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.option.OpaqueOption;
import org.eclipse.californium.core.coap.option.StringOption;

/** Californium's request as ours; stateless. What it does not pass on it refuses: nothing critical is overlooked. */
final class RequestReader {
    /** Our longest path has three segments. */
    private static final int MAX_SEGMENTS = 8;

    /** Our richest query has three parameters. */
    private static final int MAX_PARAMETERS = 8;

    private RequestReader() {}

    static Method method(Request request) throws RefusedRequestException {
        if (request.getCode() == null) {
            throw new RefusedRequestException(Refusals.METHOD_NOT_ALLOWED);
        }
        return switch (request.getCode()) {
            case GET -> Method.GET;
            case POST -> Method.POST;
            case PUT -> Method.PUT;
            case DELETE -> Method.DELETE;
            case FETCH -> Method.FETCH;
            case PATCH -> Method.PATCH;
            case IPATCH -> Method.IPATCH;
            default -> throw new RefusedRequestException(Refusals.METHOD_NOT_ALLOWED);
        };
    }

    static List<String> path(Request request) throws RefusedRequestException {
        List<StringOption> options = request.getOptions().getUriPath();
        if (options.size() > MAX_SEGMENTS) {
            throw new RefusedRequestException(Refusals.NOT_FOUND);
        }
        List<String> path = new ArrayList<>(options.size());
        for (StringOption option : options) {
            path.add(option.getStringValue());
        }
        return path;
    }

    static CoapRequest read(Request request, Method method, List<String> path, Map<String, String> variables, Peer peer)
            throws RefusedRequestException {
        OptionSet options = request.getOptions();
        refuseUnserved(options, method);
        return new CoapRequest(
                method,
                path,
                query(options),
                options.hasContentFormat() ? OptionalInt.of(options.getContentFormat()) : OptionalInt.empty(),
                options.hasAccept() ? OptionalInt.of(options.getAccept()) : OptionalInt.empty(),
                Bytes.wrap(request.getPayload()),
                first(etags(request)),
                first(options.getIfMatch()).map(tag -> Bytes.wrap(tag.getValue())),
                request.isConfirmable(),
                peer,
                variables,
                request.getSourceContext().getPeerAddress());
    }

    static List<Bytes> etags(Request request) {
        List<OpaqueOption> options = request.getOptions().getETags();
        if (options.isEmpty()) {
            return List.of();
        }
        return options.stream().map(option -> Bytes.of(option.getValue())).toList();
    }

    private static <T> Optional<T> first(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** Options that change what a request means, known to Californium but to no handler of ours. */
    private static void refuseUnserved(OptionSet options, Method method) throws RefusedRequestException {
        if (options.hasProxyUri() || options.hasProxyScheme()) {
            throw new RefusedRequestException(Refusals.NO_PROXY);
        }
        List<Option> others = options.getOthers();
        boolean unknownCritical = !others.isEmpty() && others.stream().anyMatch(Option::isCritical);
        int conditions = method == Method.IPATCH ? 1 : 0;
        if (options.getIfMatchCount() > conditions
                || options.hasIfNoneMatch()
                || options.hasOscore()
                || unknownCritical) {
            throw new RefusedRequestException(Refusals.BAD_OPTION);
        }
    }

    private static Map<String, String> query(OptionSet options) throws RefusedRequestException {
        List<StringOption> parameters = options.getUriQuery();
        if (parameters.isEmpty()) {
            return Map.of();
        }
        if (parameters.size() > MAX_PARAMETERS) {
            throw new RefusedRequestException(Refusals.MALFORMED);
        }
        Map<String, String> query = new HashMap<>();
        for (StringOption parameter : parameters) {
            String text = parameter.getStringValue();
            int split = text.indexOf('=');
            String name = split < 0 ? text : text.substring(0, split);
            String value = split < 0 ? "" : text.substring(split + 1);
            if (Optional.ofNullable(query.put(name, value)).isPresent()) {
                throw new RefusedRequestException(Refusals.MALFORMED);
            }
        }
        return query;
    }
}
