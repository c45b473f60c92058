package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cose.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final Lab lab = new Lab();

    @AfterEach
    void stops() {
        lab.close();
    }

    private static ClientRequest who() {
        return ClientRequest.get("/who");
    }

    @Test
    void eachConnectionIsListedWithWhatCameOverItAndOneOfThemIsClosed() throws Exception {
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
        lab.start(lab.builder()
                .connectionIdLength(4)
                .observable("/who", request -> Lab.text(request.peer().handle().toString()), LinkAttributes.PLAIN));
        KeyPair key = lab.member("d-1");
        CoapsClient first = lab.client(key);
        CoapsClient second = lab.client(lab.member("d-2"));
        Lab.await(first.send(who()));
        Lab.await(first.send(who()));
        Lab.await(second.send(who()));
        Lab.await(second.send(ClientRequest.get("/nothing")));
        second.observe(who(), response -> {}, failure -> {});
        Awaitility.await().until(() -> lab.server.observations() == 1);

        List<Connected> all = lab.server.connections();
        assertThat(all).hasSize(2);
        Connected one = all.get(0);
        Connected other = all.get(1);
        assertThat(one.peer()).isEqualTo(new KeyPeer(key.publicKey(), "d-1"));
        assertThat(one.requests()).isEqualTo(2);
        assertThat(one.connectionId()).matches("[0-9a-f]{8}");
        assertThat(one.cipherSuite()).startsWith("TLS_ECDHE_ECDSA_WITH_AES_128_");
        assertThat(one.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(one.since()).isBetween(before, Instant.now());
        assertThat(one.lastRequest()).isBetween(one.since(), Instant.now());
        assertThat(other.requests()).isEqualTo(3);
        assertThat(other.observations()).isEqualTo(1);
        assertThat(other.id()).isGreaterThan(one.id());

        assertThat(lab.server.close(other.id())).isTrue();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> lab.server.sessions() == 1 && lab.server.observations() == 0);
        assertThat(lab.server.close(other.id())).isFalse();
        assertThat(lab.server.connections()).extracting(Connected::id).containsExactly(one.id());

        Lab.await(second.send(who()));
        Set<Long> ids = lab.server.connections().stream().map(Connected::id).collect(Collectors.toSet());
        assertThat(ids).hasSize(2).doesNotContain(other.id());
    }
}
