package dev.latchkey.gateway.harness;

import com.sun.net.httpserver.HttpExchange;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the cloud proves of one chain: checkpoint, keys, headers and consistency. Safe for use by many threads. */
final class TestProofs {
    private final TestNetwork network;
    private final Supplier<UnaryOperator<Bytes>> tampering;
    private final Map<Long, ChainState> published = new ConcurrentHashMap<>();

    TestProofs(TestNetwork network, Supplier<UnaryOperator<Bytes>> tampering) {
        this.network = network;
        this.tampering = tampering;
    }

    void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String query = exchange.getRequestURI().getQuery();
        switch (path[4]) {
            case "checkpoint" -> {
                if (query != null) {
                    cosigned(exchange);
                    return;
                }
                ChainState state;
                SignedCheckpoint checkpoint;
                synchronized (network) {
                    state = network.state();
                    checkpoint = network.checkpoint();
                }
                published.put(state.height(), state);
                send(exchange, checkpoint.encode());
            }
            case "keys" -> {
                ChainState state = published.get(number(query, "h"));
                if (path.length == 5) {
                    String names = query.substring("names=".length(), query.indexOf('&'));
                    send(exchange, KeysProof.answer(state, List.of(names.split(","))));
                    return;
                }
                boolean history = path.length > 6;
                send(
                        exchange,
                        history
                                ? KeyHistory.answer(state, path[5], List.of()).orElseThrow()
                                : KeyProof.answer(state, path[5]));
            }
            case "headers" -> {
                long height = Long.parseLong(path[5]);
                send(
                        exchange,
                        HeaderProof.answer(network.history(), height, network.header(height), number(query, "h")));
            }
            case "consistency" ->
                send(exchange, ConsistencyProof.answer(network.history(), number(query, "a"), number(query, "b")));
            case "cosignatures" -> {
                try {
                    network.witnesses.cosigned(SignedCheckpoint.decode(TestCloud.body(exchange)));
                    TestCloud.answer(exchange, Bytes.EMPTY);
                } catch (MalformedCheckpointException e) {
                    TestCloud.refuse(exchange, "malformed");
                }
            }
            case "evidence" -> {
                network.witnesses.accused(TestCloud.body(exchange));
                TestCloud.answer(exchange, Bytes.EMPTY);
            }
            default -> TestCloud.refuse(exchange, 404, "not-found");
        }
    }

    private void cosigned(HttpExchange exchange) throws IOException {
        Optional<SignedCheckpoint> newest = network.witnesses.newestCosigned();
        if (newest.isPresent()) {
            TestCloud.answer(exchange, newest.get().encode());
        } else {
            TestCloud.refuse(exchange, 404, "too-few-witnesses");
        }
    }

    private void send(HttpExchange exchange, Bytes answer) throws IOException {
        TestCloud.answer(exchange, tampering.get().apply(answer));
    }

    private static long number(String query, String name) {
        return Arrays.stream(query.split("&"))
                .filter(part -> part.startsWith(name + "="))
                .mapToLong(part -> Long.parseLong(part.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
