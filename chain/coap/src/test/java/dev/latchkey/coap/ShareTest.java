package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one peer may have of what all share, what becomes of peers that are quiet, and what is counted. */
class ShareTest {
    private static final ServerLimits.Connections CONNECTIONS = ServerLimits.DEFAULT.connections();

    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private CoapsClient voucher(String identity) throws Exception {
        return lab.client(new ClientIdentity.Psk(identity, Lab.PSK), lab.server.address(), Lab.QUICK);
    }

    private static ServerLimits quiet(Duration member, Duration voucher, int perVoucher) {
        return ServerLimits.DEFAULT.with(new ServerLimits.Connections(
                CONNECTIONS.all(),
                CONNECTIONS.perKey(),
                perVoucher,
                member,
                voucher,
                CONNECTIONS.forgeriesPerSecond()));
    }

    /** Without end if need be: the test's own time-out ends it. */
    private void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    @Timeout(20)
    void oneMembersUnansweredRequestsLeaveRoomForOthers() throws Exception {
        CompletableFuture<CoapResponse> never = new CompletableFuture<>();
        lab.start(lab.builder()
                .limits(ServerLimits.DEFAULT.withRequestsInFlight(10, 2))
                .route("/slow", Method.GET, request -> never)
                .route("/x", Method.GET, request -> Lab.text("x")));
        CoapsClient greedy = lab.client(lab.member("d-1"));
        Lab.await(greedy.send(ClientRequest.get("/x")));
        List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(greedy.send(ClientRequest.get("/slow").withQuery("n", i)));
        }
        CoapResponse refused = (CoapResponse) CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                .get(5, TimeUnit.SECONDS);
        assertThat(refused.code()).isEqualTo(Code.TOO_MANY_REQUESTS);
        assertThat(Lab.text(Lab.await(lab.client(lab.member("d-2")).send(ClientRequest.get("/x")))))
                .isEqualTo("x");
        CoapCounts counts = lab.server.counts();
        assertThat(counts.rateLimited()).isEqualTo(1);
        assertThat(counts.requestsInFlight()).isEqualTo(2);
        assertThat(counts.requests()).isEqualTo(5);
        assertThat(counts.handshakesCompleted()).isEqualTo(2);
        never.complete(CoapResponse.changed());
        until(() -> lab.server.counts().requestsInFlight() == 0);
    }

    @Test
    @Timeout(20)
    void oneVouchersHoldersEndTheirOldestConnection() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        lab.start(lab.builder()
                .limits(quiet(CONNECTIONS.quietMember(), CONNECTIONS.quietVoucher(), 2))
                .route("/x", Method.GET, request -> Lab.text("x")));
        for (int i = 0; i < 3; i++) {
            Lab.await(voucher("a1b2.0000000" + i).send(ClientRequest.get("/x")));
        }
        until(() -> lab.server.sessions() == 2);
        assertThat(lab.server.counts().connectionsReplaced()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void aConnectionOnWhichNothingComesEndsAndAnotherTakesItsPlace() throws Exception {
        lab.start(lab.builder()
                .limits(quiet(Duration.ofMillis(300), Duration.ofDays(1), 2))
                .route("/x", Method.GET, request -> Lab.text("x")));
        CoapsClient client = lab.client(lab.member("d-1"));
        Lab.await(client.send(ClientRequest.get("/x")));
        until(() -> lab.server.sessions() == 0);
        assertThat(lab.server.counts().connectionsExpired()).isEqualTo(1);
        assertThat(Lab.text(Lab.await(client.send(ClientRequest.get("/x"))))).isEqualTo("x");
    }

    @Test
    void answersBeyondAPeersShareAreMadeAnewForEachBlock() throws Exception {
        AtomicInteger made = new AtomicInteger();
        byte[] body = new byte[3_000];
        Arrays.fill(body, 2_048, 3_000, (byte) 2);
        lab.start(lab.builder()
                .limits(ServerLimits.DEFAULT.with(new ServerLimits.Transfers(64, 1, Duration.ofSeconds(60))))
                .route("/big/{n}", Method.GET, request -> {
                    made.incrementAndGet();
                    return Lab.now(CoapResponse.content(42, Bytes.wrap(body)));
                }));
        RawClient raw = lab.closing(new RawClient(lab.member("d-1"), lab.server.address()));
        raw.ask("41017d0101b362696701" + "31"); // GET /big/1, kept
        raw.ask("41017d0202b362696701" + "32"); // GET /big/2, not kept
        assertThat(made).hasValue(2);
        assertThat(lab.server.counts().transfers()).isEqualTo(1);
        Response kept = raw.ask("41017d0301b362696701" + "31" + "c126"); // its third block
        assertThat(kept.getPayload()).hasSize(952).containsOnly(2);
        assertThat(made).hasValue(2);
        Response anew = raw.ask("41017d0402b362696701" + "32" + "c126");
        assertThat(anew.getPayload()).hasSize(952).containsOnly(2);
        assertThat(made).hasValue(3);
        assertThat(lab.server.counts().transfers()).isZero();
    }
}
