package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.coap.PeerDirectory;
import dev.latchkey.coap.PskGrant;
import dev.latchkey.coap.relay.DatagramSizes;
import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A CoAP client and a server on loopback with a DTLS session between them as a small radio network has it, raw public
 * keys, AES_128_CCM_8 and a connection ID of 1 byte, and a relay that counts the datagrams. For one thread.
 */
final class SmallLink implements AutoCloseable {
    private static final String PATH = "/m";
    private static final int CONNECTION_ID_BYTES = 1;
    private static final int MAX_BODY = 16_384;
    /** Nothing is sent twice, however busy the machine is. */
    private static final ClientOptions OPTIONS = ClientOptions.DEFAULT
            .withRetransmission(Duration.ofSeconds(30), 1)
            .withHandshake(Duration.ofSeconds(30), 1)
            .withRequestTimeout(Duration.ofSeconds(60));

    private static final long LONGEST_SECONDS = 90;

    /** CoAP header 4 (RFC 7252, section 3), token 1, Uri-Path "m" 2, payload marker 1. */
    private static final int COAP_HEADER = 8;

    private final CoapsServer server;
    private final ImpairmentRelay relay;
    private final ClientThreads threads = new ClientThreads(1);
    private final CoapsClient client;
    private volatile Bytes received = Bytes.EMPTY;

    /** @throws IOException if no socket could be opened */
    SmallLink() throws IOException {
        SecureRandom random = new SecureRandom();
        KeyPair own = KeyPair.generate(random);
        KeyPair gateway = KeyPair.generate(random);
        server = CoapsServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(gateway)
                .peers(only(own.publicKey()))
                .connectionIdLength(CONNECTION_ID_BYTES)
                .maxBody(MAX_BODY)
                .route(PATH, Method.POST, request -> {
                    received = request.payload();
                    return CompletableFuture.completedFuture(CoapResponse.changed());
                })
                .start();
        relay = new ImpairmentRelay(server.address(), 1);
        client = CoapsClient.connect(
                relay.address(),
                new ClientIdentity.RawKey(own),
                key -> key.equals(gateway.publicKey()),
                OPTIONS,
                threads);
    }

    private static PeerDirectory only(CoseKey member) {
        return new PeerDirectory() {
            @Override
            public Optional<Object> byKey(CoseKey dtlsKey) {
                return dtlsKey.equals(member) ? Optional.of("member") : Optional.empty();
            }

            @Override
            public Optional<PskGrant> byIdentity(String identity) {
                return Optional.empty();
            }
        };
    }

    /**
     * Posts a message, confirmable.
     *
     * @return the bytes of UDP payload of each datagram that the client sent for it
     */
    List<Integer> post(int contentFormat, Bytes message) throws IOException, InterruptedException {
        DatagramSizes before = relay.up().applicationData();
        CoapResponse answer;
        try {
            answer = client.send(ClientRequest.post(PATH, contentFormat, message))
                    .get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a message was not answered", e);
        }
        if (!answer.code().equals(Code.CHANGED) || !received.equals(message)) {
            throw new IOException("a message did not arrive as it was sent");
        }
        DatagramSizes sent = relay.up().applicationData().since(before);
        long count = sent.datagrams();
        List<Integer> sizes = new ArrayList<>();
        for (long nth = 1; nth <= count; nth++) {
            sizes.add(sent.percentile((nth - 0.5) / count));
        }
        return sizes;
    }

    /** Bytes of the CoAP message that carries all of it: 10 and the message itself, with a format below 256. */
    static int coapBytes(int contentFormat, Bytes message) {
        int format = contentFormat == 0 ? 1 : contentFormat < 256 ? 2 : 3;
        return COAP_HEADER + format + message.size();
    }

    @Override
    public void close() throws IOException {
        client.close();
        threads.close();
        relay.close();
        server.close();
    }
}
