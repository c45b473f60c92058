package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Observers with paces of their own, and what a server tells of its routes. */
class PaceTest {
    private final AtomicInteger value = new AtomicInteger();
    private Lab lab;

    @BeforeEach
    void starts() throws Exception {
        lab = new Lab();
        lab.start(lab.builder()
                .observable(
                        "/h",
                        request -> Lab.text("" + value.get()),
                        LinkAttributes.HIDDEN,
                        request -> Duration.ofMillis(
                                Long.parseLong(request.parameter("pmin").orElse("0")))));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    @Test
    void eachObserverHearsAtItsOwnPaceAndOfTheNewestOnly() throws Exception {
        BlockingQueue<String> fast = observed(lab.client(lab.member("d-1")), 300);
        CoapsClient patient = lab.client(lab.member("d-2"));
        BlockingQueue<String> slow = observed(patient, 3_600_000);
        long began = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
            value.set(i);
            lab.server.changed("/h", peer -> true);
        }
        assertThat(fast.poll(30, TimeUnit.SECONDS)).isEqualTo("10");
        assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(150));
        value.set(11);
        lab.server.changed("/h", peer -> true);
        assertThat(fast.poll(30, TimeUnit.SECONDS)).isEqualTo("11");
        assertThat(slow).isEmpty();
        assertThat(lab.server.observations()).isEqualTo(2);
    }

    @Test
    void aRouteWithoutARuleOfAccessIsRefusedAndAllAreListed() {
        interface Guarded extends Handler {}
        CoapsServer.Builder builder = lab.builder().onlyHandlers(Guarded.class);
        Guarded guarded = request -> Lab.text("");
        builder.route("/k/{name}", Method.GET, guarded);
        assertThatThrownBy(() -> builder.route("/k", Method.POST, request -> Lab.text("")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.routes())
                .isEqualTo(List.of(new ServedRoute("/k/{name}", Method.GET, false, LinkAttributes.HIDDEN)));
        assertThat(lab.server.routes()).extracting(ServedRoute::path).containsExactly("/h", "/.well-known/core");
    }

    private static BlockingQueue<String> observed(CoapsClient client, int pmin) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        client.observe(
                ClientRequest.get("/h").withQuery("pmin", pmin),
                response -> heard.add(Lab.text(response)),
                failure -> {});
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("0");
        return heard;
    }
}
