package dev.latchkey.cloud.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTPS server over given routes. Thread-safe.
 *
 * <p>A client certificate is asked for, not demanded: who shows none is nobody, and gets what nobody may have.
 */
public final class HttpsServer implements AutoCloseable {
    /** Threads that move bytes; all work is done by the workers. */
    private static final int CONNECTION_THREADS = 16;

    /** Bytes of request line and headers together; a serve ticket in a header is about 250 bytes. */
    private static final int MAX_HEADER_BYTES = 8 * 1024;

    /** Requests at one time on one HTTP/2 connection: a gateway keeps its streams and its batches on one. */
    private static final int MAX_STREAMS_PER_CONNECTION = 256;

    private final Server server;
    private final ServerConnector connector;

    private HttpsServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Starts to listen.
     *
     * @param tls the server's context; it decides which client certificates are acceptable
     * @param doors what the server asks while it serves
     * @throws IOException if the port is in use
     */
    public static HttpsServer start(
            HttpsSettings settings, SSLContext tls, List<Route> routes, Executor workers, Doors doors)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(CONNECTION_THREADS);
        threads.setName("https");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = connector(server, settings, tls);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
        SlowClients slow = new SlowClients(settings, doors.observer());
        connector.addBean(slow);
        server.setHandler(new Dispatcher(settings, new Routes(routes), workers, doors, slow));
        server.setErrorHandler((request, response, callback) -> unreadable(doors, request, response, callback));
        HttpsServer running = new HttpsServer(server, connector);
        try {
            server.start();
            slow.start(connector.getScheduler());
            return running;
        } catch (Exception e) {
            running.close();
            throw e instanceof IOException io ? io : new IOException("the HTTPS server did not start", e);
        }
    }

    private static ServerConnector connector(Server server, HttpsSettings settings, SSLContext tls) {
        HttpConfiguration http = configuration();
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(MAX_STREAMS_PER_CONNECTION);
        http2.setStreamIdleTimeout(settings.idleTimeout().toMillis());
        SslConnectionFactory ssl = new SslConnectionFactory(ssl(tls), alpn.getProtocol());
        ServerConnector connector =
                new ServerConnector(server, 1, 1, ssl, alpn, http2, new HttpConnectionFactory(http));
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.setHost(settings.listen().getAddress().getHostAddress());
        connector.setPort(settings.listen().getPort());
        connector.setAcceptQueueSize(256);
        return connector;
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setHttpCompliance(HttpCompliance.RFC9110);
        http.setUriCompliance(UriCompliance.RFC3986);
        // peers are known by key, never by host name
        http.addCustomizer(new SecureRequestCustomizer(false));
        return http;
    }

    private static SslContextFactory.Server ssl(SSLContext context) {
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(context);
        ssl.setIncludeProtocols("TLSv1.3");
        ssl.setWantClientAuth(true);
        // a session resumed by ticket would outlive the key that opened it
        ssl.setSessionCachingEnabled(false);
        return ssl;
    }

    /** Requests that Jetty cannot parse reach no route. */
    private static boolean unreadable(Doors doors, Request request, Response response, Callback callback) {
        Refusal refusal = unreadable(response.getStatus());
        doors.observer().refused(refusal.code());
        doors.observer().answered("none", refusal.status(), 0);
        Answer.Whole answer =
                doors.problems().answer(refusal, request.getHeaders().get(HttpHeader.ACCEPT));
        response.setStatus(answer.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.mediaType());
        response.write(true, ByteBuffer.wrap(answer.body().toArray()), callback);
        return true;
    }

    private static Refusal unreadable(int status) {
        return switch (status) {
            case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                new Refusal(431, "headers-too-large", "request line and headers are larger than 8 KiB together");
            case HttpStatus.REQUEST_TIMEOUT_408 -> new Refusal(408, "too-slow", "the request did not arrive in time");
            default ->
                status >= 400 && status < 500 || status == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505
                        ? Refusal.badRequest("the request could not be read")
                        : new Refusal(500, "internal", "the node failed to answer");
        };
    }

    /** Where the server listens, with the port it got. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /** Ends all connections. */
    @Override
    public void close() {
        try {
            server.setStopTimeout(0);
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTPS server did not stop", e);
        }
    }
}
