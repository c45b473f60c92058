package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockwiseTest {
    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private static Bytes body(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    @Test
    void aLargeBodyArrivesWholeInBothDirections() throws Exception {
        lab.start(lab.builder()
                .route(
                        "/echo",
                        Method.POST,
                        request -> Lab.now(
                                CoapResponse.content(request.contentFormat().orElseThrow(), request.payload()))));
        CoapsClient client = lab.client(lab.member("d-1"));
        for (int size : new int[] {1_024, 1_025, 10_000, 65_536}) {
            CoapResponse response = Lab.await(client.send(ClientRequest.post("/echo", 42, body(size))));
            assertThat(response.code()).isEqualTo(Code.CONTENT);
            assertThat(response.contentFormat()).hasValue(42);
            assertThat(response.payload()).isEqualTo(body(size));
        }
    }

    @Test
    void largeBodiesOfSeveralClientsDoNotMix() throws Exception {
        lab.start(lab.builder()
                .route("/echo", Method.POST, request -> Lab.now(CoapResponse.content(42, request.payload()))));
        List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(lab.client(lab.member("d-" + i)).send(ClientRequest.post("/echo", 42, body(8_000 + i))));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(Lab.await(answers.get(i)).payload()).isEqualTo(body(8_000 + i));
        }
    }

    @Test
    void oneClientMayHaveSeveralLargeBodiesUnderWayAtOnce() throws Exception {
        lab.start(lab.builder()
                .route("/echo", Method.POST, request -> Lab.now(CoapResponse.content(42, request.payload())))
                .route(
                        "/b/{n}",
                        Method.GET,
                        request -> Lab.now(
                                CoapResponse.content(42, body(5_000 + Integer.parseInt(request.variable("n")))))));
        CoapsClient client = lab.client(lab.member("d-1"));
        List<CompletableFuture<CoapResponse>> same = new ArrayList<>();
        List<CompletableFuture<CoapResponse>> different = new ArrayList<>();
        List<CompletableFuture<CoapResponse>> uploads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            different.add(client.send(ClientRequest.get("/b/" + i)));
            same.add(client.send(ClientRequest.get("/b/0")));
            uploads.add(client.send(ClientRequest.post("/echo", 42, body(3_000 + i))));
        }
        for (int i = 0; i < 12; i++) {
            assertThat(Lab.await(different.get(i)).payload()).isEqualTo(body(5_000 + i));
            assertThat(Lab.await(same.get(i)).payload()).isEqualTo(body(5_000));
            assertThat(Lab.await(uploads.get(i)).payload()).isEqualTo(body(3_000 + i));
        }
    }

    @Test
    void anUploadBeyondTheLimitIsTooLarge() throws Exception {
        lab.start(lab.builder().maxBody(4_096).route("/m", Method.POST, request -> Lab.now(CoapResponse.changed())));
        CoapsClient client = lab.client(lab.member("d-1"));
        assertThat(Lab.await(client.send(ClientRequest.post("/m", 42, body(4_096))))
                        .code())
                .isEqualTo(Code.CHANGED);
        CoapResponse response = Lab.await(client.send(ClientRequest.post("/m", 42, body(4_097))));
        assertThat(response.code()).isEqualTo(Code.ENTITY_TOO_LARGE);
        assertThat(Lab.problem(response)).isEqualTo("too-large");
    }

    @Test
    void aQuestionInBlocksGetsItsAnswerInBlocks() throws Exception {
        lab.start(lab.builder()
                .route("/k", Method.FETCH, request -> Lab.now(CoapResponse.content(42, request.payload()))));
        CoapsClient client = lab.client(lab.member("d-1"));
        CoapResponse answer =
                Lab.await(client.send(ClientRequest.of(Method.FETCH, "/k").withPayload(42, body(3_000))));
        assertThat(answer.payload()).isEqualTo(body(3_000));
        ClientRequest other = ClientRequest.of(Method.FETCH, "/k").withPayload(42, body(3_001));
        assertThat(Lab.await(client.send(other)).payload()).isEqualTo(body(3_001));
        CoapResponse known = Lab.await(client.send(ClientRequest.of(Method.FETCH, "/k")
                .withPayload(42, body(3_000))
                .withEtag(answer.etag().orElseThrow())));
        assertThat(known.code()).isEqualTo(Code.VALID);
        assertThat(Lab.await(client.send(other.withEtag(answer.etag().orElseThrow())))
                        .code())
                .isEqualTo(Code.CONTENT);
    }

    @Test
    void aMegabyteArrivesWholeAndAnyBlockOfItByItself() throws Exception {
        lab.start(lab.builder()
                .route("/b/{height}", Method.GET, request -> Lab.now(CoapResponse.content(60, body(1 << 20)))));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")), lab.server.address(), Lab.QUICK.withMaxBody(1 << 21));
        assertThat(client.send(ClientRequest.get("/b/1"))
                        .get(60, TimeUnit.SECONDS)
                        .payload())
                .isEqualTo(body(1 << 20));

        RawClient raw = lab.closing(new RawClient(lab.member("d-2"), lab.server.address()));
        // GET /b/1, Block2 (11 + 12 = 23) number 700 and 3, 1,024 bytes each, nothing before them.
        for (int number : new int[] {700, 3}) {
            Response block = raw.ask(
                    "41017d" + (number == 3 ? "02" : "01") + "01b1620131c2" + String.format("%04x", number << 4 | 6));
            assertThat(block.getCode().text).isEqualTo("2.05");
            assertThat(block.getOptions().getBlock2().getNum()).isEqualTo(number);
            assertThat(Bytes.of(block.getPayload()))
                    .isEqualTo(body(1 << 20).slice(number * 1_024, (number + 1) * 1_024));
        }
        Response beyond = raw.ask("41017d0301b1620131c2" + String.format("%04x", 2_000 << 4 | 6));
        assertThat(beyond.isError()).isTrue();
        assertThat(beyond.getOptions().getContentFormat()).isEqualTo(257);
        assertThat(beyond.getPayloadSize()).isPositive();
    }

    @Test
    void aDownloadBeyondTheClientsLimitFails() throws Exception {
        lab.start(lab.builder()
                .route("/big", Method.GET, request -> Lab.now(CoapResponse.content(42, body(5_000))))
                .route("/small", Method.GET, request -> Lab.now(CoapResponse.content(42, body(500)))));
        CoapsClient client = lab.client(
                new ClientIdentity.RawKey(lab.member("d-1")), lab.server.address(), Lab.QUICK.withMaxBody(4_096));
        assertThat(HandshakeTest.failure(client.send(ClientRequest.get("/big"))).reason())
                .isEqualTo(CoapsException.Reason.TOO_LARGE);
        assertThat(Lab.await(client.send(ClientRequest.get("/small"))).payload())
                .isEqualTo(body(500));
    }
}
