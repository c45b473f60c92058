package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.protocol.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestTest {
    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsClient serving(CoapsServer.Builder builder) throws Exception {
        lab.start(builder);
        return lab.client(lab.member("d-1"));
    }

    @Test
    void aHandlerSeesTheWholeRequest() throws Exception {
        BlockingQueue<CoapRequest> seen = new LinkedBlockingQueue<>();
        CoapsClient client = serving(lab.builder().route("/a/{x}/b", Method.PUT, request -> {
            seen.add(request);
            return Lab.now(CoapResponse.changed());
        }));
        ClientRequest sent = ClientRequest.of(Method.PUT, "/a/zürich/b")
                .withQuery("p", 1)
                .withQuery("flag", "")
                .withPayload(60, Bytes.of((byte) 1, (byte) 2))
                .withAccept(50)
                .withEtag(Bytes.of((byte) 7));
        assertThat(Lab.await(client.send(sent)).code()).isEqualTo(Code.CHANGED);
        CoapRequest request = seen.poll(30, TimeUnit.SECONDS);
        assertThat(request.method()).isEqualTo(Method.PUT);
        assertThat(request.path()).containsExactly("a", "zürich", "b");
        assertThat(request.variable("x")).isEqualTo("zürich");
        assertThat(request.query())
                .containsEntry("p", "1")
                .containsEntry("flag", "")
                .hasSize(2);
        assertThat(request.contentFormat()).isEqualTo(OptionalInt.of(60));
        assertThat(request.accept()).isEqualTo(OptionalInt.of(50));
        assertThat(request.payload()).isEqualTo(Bytes.of((byte) 1, (byte) 2));
        assertThat(request.etag()).contains(Bytes.of((byte) 7));
        assertThat(request.confirmable()).isTrue();
        assertThat(request.peer().handle()).isEqualTo("d-1");
    }

    @Test
    void everyMethodReachesItsHandler() throws Exception {
        CoapsServer.Builder builder = lab.builder();
        for (Method method : Method.values()) {
            builder.route("/m", method, request -> Lab.text(request.method().name()));
        }
        CoapsClient client = serving(builder);
        for (Method method : Method.values()) {
            assertThat(Lab.text(Lab.await(client.send(ClientRequest.of(method, "/m")))))
                    .isEqualTo(method.name());
        }
    }

    @Test
    void aClientSeesTheWholeResponse() throws Exception {
        CoapsClient client = serving(lab.builder()
                .route(
                        "/t",
                        Method.POST,
                        request -> Lab.now(CoapResponse.created("/t/ab", 60, Bytes.of((byte) 9))
                                .withMaxAge(12)
                                .withEtag(Bytes.of((byte) 3)))));
        CoapResponse response = Lab.await(client.send(ClientRequest.post("/t", 98, Bytes.of((byte) 1))));
        assertThat(response)
                .isEqualTo(new CoapResponse(
                        Code.CREATED,
                        OptionalInt.of(60),
                        Bytes.of((byte) 9),
                        OptionalLong.of(12),
                        Optional.of(Bytes.of((byte) 3)),
                        List.of("t", "ab")));
    }

    @Test
    void aNonConfirmableRequestIsAnswered() throws Exception {
        CoapsClient client = serving(
                lab.builder().route("/x", Method.GET, request -> Lab.text(String.valueOf(request.confirmable()))));
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/x").nonConfirmable()))))
                .isEqualTo("false");
    }

    @Test
    void aRepresentationThatTheClientHoldsIsNotSentAgain() throws Exception {
        Bytes etag = Bytes.of((byte) 1, (byte) 2);
        CoapsClient client = serving(lab.builder()
                .route(
                        "/x",
                        Method.GET,
                        request -> Lab.now(CoapResponse.content(0, Bytes.utf8("long"))
                                .withEtag(etag)
                                .withMaxAge(60))));
        CoapResponse fresh = Lab.await(client.send(ClientRequest.get("/x")));
        assertThat(fresh.code()).isEqualTo(Code.CONTENT);
        CoapResponse again = Lab.await(
                client.send(ClientRequest.get("/x").withEtag(fresh.etag().orElseThrow())));
        assertThat(again.code()).isEqualTo(Code.VALID);
        assertThat(again.payload().isEmpty()).isTrue();
        assertThat(again.maxAgeSeconds()).hasValue(60);
    }

    @Test
    void anUnknownPathAndAnUnknownMethodAreProblems() throws Exception {
        CoapsClient client = serving(lab.builder().route("/x/{y}", Method.GET, request -> Lab.text("x")));
        CoapResponse unknown = Lab.await(client.send(ClientRequest.get("/x")));
        assertThat(unknown.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(Lab.problem(unknown)).isEqualTo("not-found");
        CoapResponse method = Lab.await(client.send(ClientRequest.delete("/x/1")));
        assertThat(method.code()).isEqualTo(Code.METHOD_NOT_ALLOWED);
        assertThat(Lab.problem(method)).isEqualTo("method-not-allowed");
        CoapResponse deep = Lab.await(client.send(ClientRequest.get("/1/2/3/4/5/6/7/8/9")));
        assertThat(deep.code()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void aLiteralSegmentWinsOverAVariable() throws Exception {
        CoapsClient client = serving(lab.builder()
                .route("/k/{name}", Method.GET, request -> Lab.text("variable"))
                .route("/k/self", Method.GET, request -> Lab.text("literal")));
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/k/self")))))
                .isEqualTo("literal");
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/k/other")))))
                .isEqualTo("variable");
    }

    @Test
    void aHandlerThatFailsInAnyWayIsAnInternalErrorWithoutDetail() throws Exception {
        CoapsClient client = serving(lab.builder()
                .route("/throws", Method.GET, request -> {
                    throw new IllegalStateException("secret");
                })
                .route("/fails", Method.GET, request -> CompletableFuture.failedFuture(new Exception("secret")))
                .route("/null", Method.GET, request -> null)
                .route(
                        "/odd",
                        Method.GET,
                        request -> Lab.now(CoapResponse.problem(new Code(4, 30), new Problem("x", "secret"))))
                .route("/long", Method.GET, request -> Lab.now(CoapResponse.created("/" + "x".repeat(256))))
                .route("/nothing", Method.GET, request -> CompletableFuture.completedFuture(null)));
        for (String path : List.of("/throws", "/fails", "/null", "/odd", "/long", "/nothing")) {
            CoapResponse response = Lab.await(client.send(ClientRequest.get(path)));
            assertThat(response.code()).isEqualTo(Code.INTERNAL_SERVER_ERROR);
            assertThat(Lab.problem(response)).isEqualTo("internal");
            assertThat(Lab.text(response)).doesNotContain("secret");
        }
    }

    @Test
    void aSlowAnswerIsAcknowledgedFirstAndHandledOnce() throws Exception {
        CompletableFuture<CoapResponse> later = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        lab.start(lab.builder().route("/slow", Method.POST, request -> {
            runs.incrementAndGet();
            return later;
        }));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")),
                lab.server.address(),
                Lab.QUICK.withRetransmission(Duration.ofMillis(500), 1));
        CompletableFuture<CoapResponse> answer = client.send(ClientRequest.post("/slow", 60, Bytes.of((byte) 1)));
        // Without an acknowledgement the client gives up after at most 1.5 * (0.5 + 1) = 2.25 s.
        later.completeOnTimeout(CoapResponse.changed(), 3, TimeUnit.SECONDS);
        assertThat(answer.get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.CHANGED);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aBodyBeyondTheLimitInOneDatagramIsTooLarge() throws Exception {
        CoapsClient client =
                serving(lab.builder().maxBody(64).route("/m", Method.POST, request -> Lab.now(CoapResponse.changed())));
        assertThat(Lab.await(client.send(ClientRequest.post("/m", 16, Bytes.wrap(new byte[64]))))
                        .code())
                .isEqualTo(Code.CHANGED);
        CoapResponse response = Lab.await(client.send(ClientRequest.post("/m", 16, Bytes.wrap(new byte[65]))));
        assertThat(response.code()).isEqualTo(Code.ENTITY_TOO_LARGE);
        assertThat(Lab.problem(response)).isEqualTo("too-large");
    }

    @Test
    void aPeerBeyondItsRateIsToldToComeAgainLater() throws Exception {
        CoapsClient client = serving(lab.builder()
                .limits(ServerLimits.DEFAULT.withPeerRate(1, 3))
                .route("/x", Method.GET, request -> Lab.text("x")));
        CoapResponse last = null;
        for (int i = 0; i < 8; i++) {
            last = Lab.await(client.send(ClientRequest.get("/x")));
        }
        assertThat(last.code()).isEqualTo(Code.TOO_MANY_REQUESTS);
        assertThat(last.maxAgeSeconds()).isPresent();
        assertThat(Lab.problem(last)).isEqualTo("overloaded");
    }

    @Test
    void aClientRefusesToOpenRequestsWithoutEnd() throws Exception {
        CompletableFuture<CoapResponse> never = new CompletableFuture<>();
        CoapsClient client = serving(lab.builder().route("/slow", Method.GET, request -> never));
        CompletableFuture<CoapResponse> last = null;
        for (int i = 0; i <= CoapSettings.CLIENT_QUEUE; i++) {
            last = client.send(ClientRequest.get("/slow"));
        }
        assertThat(HandshakeTest.failure(last).reason()).isEqualTo(CoapsException.Reason.OVERLOADED);
        never.complete(CoapResponse.changed());
    }

    @Test
    void moreUnansweredRequestsThanTheLimitAreRefused() throws Exception {
        CompletableFuture<CoapResponse> never = new CompletableFuture<>();
        CoapsClient client = serving(lab.builder()
                .limits(ServerLimits.DEFAULT.withRequestsInFlight(2, 2_000))
                .route("/slow", Method.GET, request -> never)
                .route("/x", Method.GET, request -> Lab.text("x")));
        Lab.await(client.send(ClientRequest.get("/x")));
        List<CompletableFuture<CoapResponse>> answers = List.of(
                client.send(ClientRequest.get("/slow").withQuery("n", 1)),
                client.send(ClientRequest.get("/slow").withQuery("n", 2)),
                client.send(ClientRequest.get("/slow").withQuery("n", 3)));
        CoapResponse refused = (CoapResponse) CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                .get(5, TimeUnit.SECONDS);
        assertThat(refused.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
        assertThat(refused.maxAgeSeconds()).isPresent();
        never.complete(CoapResponse.changed());
        for (CompletableFuture<CoapResponse> answer : answers) {
            Lab.await(answer);
        }
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/x"))))).isEqualTo("x");
    }
}
