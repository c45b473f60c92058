package dev.latchkey.gateway.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * A cloud of one process: the HTTPS interface that gateways use, over a real ledger and real TLS, without the cloud's
 * durability. It can be stopped and started again on the same port and can lie.
 */
public final class TestCloud implements AutoCloseable {
    private volatile Predicate<MessageBatch> unreadable = batch -> false;
    private static final int MAX_BODY = 1 << 20;

    private final List<TestNetwork> networks;
    public final TestMailboxes mailboxes = new TestMailboxes();
    private final AtomicReference<UnaryOperator<Bytes>> tampering = new AtomicReference<>(UnaryOperator.identity());
    private final AtomicReference<UnaryOperator<Bytes>> falsifying = new AtomicReference<>(UnaryOperator.identity());
    private final Object news = new Object();
    private int port;
    private HttpsServer server;
    private ExecutorService threads;
    private volatile boolean running;

    /** A cloud that orders several sub-networks. */
    public TestCloud(TestNetwork... networks) {
        this.networks = List.of(networks);
    }

    public synchronized void start() throws IOException {
        SSLContext context = PinnedTls.server(networks.get(0).replicaTls, key -> true);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setSSLParameters(PinnedTls.serverParameters(context));
            }
        });
        port = server.getAddress().getPort();
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        for (TestNetwork network : networks) {
            String chain = "/v1/chains/" + network.chain.toHex();
            String mail = "/v1/mailboxes/" + network.chain.toHex();
            server.createContext(chain + "/policy", exchange -> policy(network, exchange));
            server.createContext(chain + "/blocks", exchange -> blocks(network, exchange));
            server.createContext(chain + "/transactions", exchange -> transactions(network, exchange));
            TestProofs proofs = new TestProofs(network, () -> tampering.get());
            server.createContext(chain + "/", proofs::answer);
            server.createContext(mail + "/follow", exchange -> follow(network, exchange));
            server.createContext(mail, exchange -> acknowledge(network, exchange));
        }
        server.createContext("/v1/messages", this::messages);
        running = true;
        server.start();
    }

    /** Answers batches like this with 400, as a cloud does that cannot read one of their messages. */
    public void cannotRead(Predicate<MessageBatch> batches) {
        unreadable = batches;
    }

    public synchronized void stop() {
        running = false;
        synchronized (news) {
            news.notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    @Override
    public synchronized void close() {
        if (running) {
            stop();
        }
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** From now on every block goes through this on its way out. */
    public void tamper(UnaryOperator<Bytes> with) {
        tampering.set(with);
    }

    /** From now on every walk of policies and every answer to transactions goes through this on its way out. */
    public void falsify(UnaryOperator<Bytes> with) {
        falsifying.set(with);
    }

    /** Orders a transaction and tells the followers. */
    public Outcome order(Bytes transaction) {
        return order(networks.get(0), transaction);
    }

    /** Orders a transaction in one of the sub-networks and tells the followers. */
    public Outcome order(TestNetwork network, Bytes transaction) {
        Outcome outcome = network.order(transaction);
        announce();
        return outcome;
    }

    /** Tells the followers that the network has new blocks. */
    public void announce() {
        synchronized (news) {
            news.notifyAll();
        }
    }

    private void policy(TestNetwork network, HttpExchange exchange) throws IOException {
        List<Item> transactions =
                network.state().policyTransactions().stream().map(Cbor::bytes).toList();
        answer(exchange, falsifying.get().apply(Cbor.encodeSequence(transactions)));
    }

    private void blocks(TestNetwork network, HttpExchange exchange) throws IOException {
        long next = Long.parseLong(exchange.getRequestURI().getQuery().split("[=&]")[1]);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            int told = 0;
            while (running) {
                List<Bytes> blocks;
                Bytes checkpoint;
                synchronized (network) {
                    blocks = network.blocksFrom(next);
                    checkpoint = network.checkpoint().encode();
                }
                for (int i = 0; i < blocks.size(); i++) {
                    boolean last = i == blocks.size() - 1;
                    out.write(element(next++, tampering.get().apply(blocks.get(i)), last ? checkpoint : null));
                }
                for (Bytes offer : network.witnesses.offersFrom(told)) {
                    told++;
                    out.write(Cbor.encode(Cbor.array(Cbor.uint(next - 1), Cbor.NULL, Cbor.bytes(offer)))
                            .toArray());
                }
                if (blocks.isEmpty()) {
                    out.write(Cbor.encode(Cbor.array(Cbor.uint(next - 1), Cbor.NULL, Cbor.NULL))
                            .toArray());
                }
                out.flush();
                synchronized (news) {
                    if (running
                            && network.blocksFrom(next).isEmpty()
                            && network.witnesses.offersFrom(told).isEmpty()) {
                        news.wait(1_000);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] element(long height, Bytes block, Bytes checkpoint) {
        Item last = checkpoint == null ? Cbor.NULL : Cbor.bytes(checkpoint);
        return Cbor.encode(Cbor.array(Cbor.uint(height), Cbor.bytes(block), last))
                .toArray();
    }

    private void transactions(TestNetwork network, HttpExchange exchange) throws IOException {
        List<Item> answers = new ArrayList<>();
        try {
            for (Item transaction : Cbor.decodeSequence(body(exchange), MAX_BODY)) {
                answers.add(answerTo(network, Cbor.encode(transaction)).item());
            }
        } catch (MalformedCborException e) {
            refuse(exchange, "malformed");
            return;
        }
        announce();
        answer(exchange, falsifying.get().apply(Cbor.encode(Cbor.array(answers))));
    }

    private TransactionAnswer answerTo(TestNetwork network, Bytes transaction) {
        Outcome outcome = network.order(transaction);
        if (outcome instanceof Outcome.Applied applied) {
            return new TransactionAnswer.Accepted(applied.transactionId(), network.receipt(applied.transactionId()));
        }
        if (outcome instanceof Outcome.Repeated repeated) {
            return new TransactionAnswer.Accepted(repeated.transactionId(), network.receipt(repeated.transactionId()));
        }
        return new TransactionAnswer.Rejected(
                ((Outcome.Refused) outcome).reason().code(), "");
    }

    private void messages(HttpExchange exchange) throws IOException {
        try {
            String chain = exchange.getRequestURI().getQuery().substring("chain=".length());
            TestNetwork network = network(ChainId.fromHex(chain));
            MessageBatch batch = MessageBatch.decode(body(exchange));
            if (unreadable.test(batch)) {
                refuse(exchange, "malformed");
            } else {
                answer(exchange, mailboxes.take(network, this::network, batch).encode());
            }
        } catch (MalformedMessageException e) {
            refuse(exchange, "malformed");
        }
    }

    private void follow(TestNetwork network, HttpExchange exchange) throws IOException {
        FollowRequest request;
        try {
            request = FollowRequest.decode(body(exchange));
        } catch (MalformedMessageException e) {
            refuse(exchange, "malformed");
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        Map<String, Long> after = new HashMap<>();
        try (OutputStream out = exchange.getResponseBody()) {
            while (running) {
                for (Bytes entry : mailboxes.next(network, after, request)) {
                    out.write(entry.toArray());
                }
                out.write(Cbor.encode(Cbor.NULL).toArray());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acknowledge(TestNetwork network, HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String upTo = exchange.getRequestURI().getQuery().substring("upto=".length());
        if (exchange.getRequestHeaders().getFirst("Latchkey-Serve-Ticket") == null) {
            refuse(exchange, "no-ticket");
            return;
        }
        mailboxes.forget(mailboxes.title(network, path[path.length - 1]), Long.parseLong(upTo));
        answer(exchange, Bytes.EMPTY);
    }

    private TestNetwork network(ChainId chain) {
        return networks.stream()
                .filter(one -> one.chain.equals(chain))
                .findFirst()
                .orElseThrow();
    }

    static Bytes body(HttpExchange exchange) throws IOException {
        return Bytes.wrap(exchange.getRequestBody().readNBytes(MAX_BODY));
    }

    static void answer(HttpExchange exchange, Bytes body) throws IOException {
        exchange.sendResponseHeaders(200, body.isEmpty() ? -1 : body.size());
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body.toArray());
        }
    }

    static void refuse(HttpExchange exchange, String code) throws IOException {
        refuse(exchange, 400, code);
    }

    static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        Bytes problem = new Problem(code, "").encode();
        exchange.sendResponseHeaders(status, problem.size());
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(problem.toArray());
        }
    }
}
