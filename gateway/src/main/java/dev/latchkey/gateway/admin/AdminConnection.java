package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Observation;
import dev.latchkey.coap.ServerCheck;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that say which gateway is asked and with which keys, and the connection that follows from them. */
final class AdminConnection {
    private static final String WHO_MAY = "--key must hold the keys of a current member with role admin";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @Option(
            names = "--key",
            required = true,
            paramLabel = "DIR",
            description = "Directory with the keys of a member with role admin.")
    private Path key;

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The gateway's admin endpoint.")
    private HostPort gateway;

    @Option(
            names = "--gateway-key",
            paramLabel = "HEX",
            description = "The gateway's DTLS key as COSE_Key, 84 hexadecimal digits; needed unless it is on loopback.")
    private String gatewayKey;

    /**
     * Connects; the caller closes what it gets.
     *
     * @throws UsageFault if an option is wrong
     */
    Open open() throws IOException {
        return open(ClientOptions.DEFAULT.withRequestTimeout(LONGEST));
    }

    /**
     * As {@link #open()}, for answers that are longer or take longer.
     *
     * @throws UsageFault if an option is wrong
     */
    Open open(ClientOptions options) throws IOException {
        EcProviders.install();
        InetSocketAddress address = gateway.address();
        ServerCheck check = check(address);
        ClientIdentity identity =
                new ClientIdentity.RawKey(IdentityDirectory.load(key).dtls());
        ClientThreads threads = new ClientThreads(2);
        try {
            return new Open(gateway, threads, CoapsClient.connect(address, identity, check, options, threads));
        } catch (IOException | RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    private ServerCheck check(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new UsageFault("no such host: " + gateway);
        }
        if (gatewayKey == null) {
            if (!address.getAddress().isLoopbackAddress()) {
                throw new UsageFault("--gateway-key is needed for a gateway on another machine");
            }
            return serverKey -> true;
        }
        try {
            CoseKey expected = CoseKey.decode(Bytes.fromHex(gatewayKey));
            return expected::equals;
        } catch (MalformedKeyException | IllegalArgumentException e) {
            throw new UsageFault("--gateway-key is not a key of 84 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return gateway.toString();
    }

    /** A connection to a gateway's admin endpoint; not for use by several threads. */
    static final class Open implements AutoCloseable {
        /** Rows of one list that are fetched at most. */
        private static final int MAX_ROWS = 100_000;

        private final HostPort gateway;
        private final ClientThreads threads;
        private final CoapsClient client;

        private Open(HostPort gateway, ClientThreads threads, CoapsClient client) {
            this.gateway = gateway;
            this.threads = threads;
            this.client = client;
        }

        /**
         * What a request is answered with.
         *
         * @throws UsageFault if these keys may not ask
         * @throws IOException if there is no answer, or another refusal
         */
        Bytes get(ClientRequest request) throws IOException, InterruptedException {
            return payload(answer(request));
        }

        /** The whole answer, also a refusal. */
        CoapResponse answer(ClientRequest request) throws IOException, InterruptedException {
            try {
                return client.send(request).get();
            } catch (ExecutionException e) {
                throw unanswered(e.getCause());
            }
        }

        /** The values of a resource. */
        Map<String, Object> values(ClientRequest request) throws IOException, InterruptedException {
            return decoded(get(request));
        }

        /** The values of a long list, all pages of it in one. */
        Map<String, Object> pages(ClientRequest request, String rows) throws IOException, InterruptedException {
            Map<String, Object> whole = values(request);
            List<Object> all = new ArrayList<>();
            Map<String, Object> page = whole;
            while (true) {
                all.addAll(Shown.list(page, rows));
                if (!(page.get(Page.NEXT) instanceof Long next) || all.size() >= MAX_ROWS) {
                    whole.put(rows, all);
                    whole.remove(Page.NEXT);
                    return whole;
                }
                page = values(request.withQuery(Page.FROM, next));
            }
        }

        /**
         * Observes a resource until this is closed.
         *
         * @param onNext given the values, now and whenever they change; one at a time
         * @param onEnd told why there will be no more
         */
        void observeValues(ClientRequest request, Consumer<Map<String, Object>> onNext, Consumer<IOException> onEnd) {
            client.observe(
                    request,
                    response -> {
                        try {
                            onNext.accept(decoded(payload(response)));
                        } catch (IOException e) {
                            onEnd.accept(e);
                        } catch (UsageFault e) {
                            onEnd.accept(new IOException(e.getMessage(), e));
                        }
                    },
                    failure -> onEnd.accept(unanswered(failure)));
        }

        /** As {@link CoapsClient#observe}. */
        Observation observe(ClientRequest request, Consumer<CoapResponse> onNext, Consumer<Throwable> onError) {
            return client.observe(request, onNext, onError);
        }

        @Override
        public void close() {
            client.close();
            threads.close();
        }

        private static Map<String, Object> decoded(Bytes payload) throws IOException {
            try {
                return Values.decodeMap(payload);
            } catch (MalformedCborException e) {
                throw new IOException("the gateway's answer is malformed", e);
            }
        }

        private static Bytes payload(CoapResponse response) throws IOException {
            if (response.code().isSuccess()) {
                return response.payload();
            }
            try {
                String said = "the gateway answered " + response.code();
                if (response.code().equals(Code.FORBIDDEN)) {
                    String code = response.payload().isEmpty()
                            ? ""
                            : " " + Problem.decode(response.payload()).code();
                    throw new UsageFault(said + code + ": " + WHO_MAY);
                }
                throw new IOException(response.payload().isEmpty() ? said : said + told(response.payload()));
            } catch (MalformedMessageException e) {
                throw new IOException("the gateway's answer is malformed", e);
            }
        }

        /** The code of a refusal, and what is known of its reason or what to do. */
        private static String told(Bytes payload) throws MalformedMessageException {
            Problem problem = Problem.decode(payload);
            String detail = problem.detail().replaceAll("\\p{Cntrl}", "?");
            String more = switch (problem.code()) {
                case "not-configured" -> "set backup.directory in its settings and start it again";
                case "not-changeable" ->
                    detail + " is read at a start only, or the environment or the command line fixes it";
                case "unknown-setting" -> detail + "; latchkey admin config get lists all";
                case "changed-meanwhile" -> "somebody else changed the settings; try again";
                case "job-running" -> "latchkey admin job list shows it";
                case "job-over", "unknown-job" -> "latchkey admin job list shows those of this run";
                case "unknown-chain" -> "latchkey admin chain shows those that it serves";
                case "unknown-connection" -> "latchkey admin sessions shows those that there are";
                case "unknown-name" -> "its chain has no such member; another one is named with --chain";
                default -> detail;
            };
            return " " + problem.code() + (more.isEmpty() ? "" : ": " + more);
        }

        /** A gateway ends the handshake with a key that its chain does not know. */
        private IOException unanswered(Throwable cause) {
            boolean inHandshake =
                    cause instanceof CoapsException fault && fault.reason() == CoapsException.Reason.HANDSHAKE_FAILED;
            boolean otherKey =
                    cause instanceof CoapsException fault && fault.reason() == CoapsException.Reason.OTHER_SERVER_KEY;
            String advice = inHandshake ? "; " + WHO_MAY : otherKey ? " than --gateway-key says" : "";
            return new IOException("no answer from " + gateway + ": " + cause.getMessage() + advice, cause);
        }
    }
}
