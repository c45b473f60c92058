package dev.latchkey.cloud;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** HTTPS to nodes that are known by their keys. Stateless. */
final class PinnedHttp {
    private PinnedHttp() {}

    /**
     * A client that shows a node's own key.
     *
     * @param servers whose servers it speaks to
     * @param connect how long it waits for a connection
     */
    static HttpClient client(KeyPair tls, Predicate<CoseKey> servers, Duration connect) {
        SSLContext context = PinnedTls.client(tls, servers);
        return HttpClient.newBuilder()
                .connectTimeout(connect)
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
    }
}
