package dev.latchkey.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.cloud.http.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VisitorsTest {
    private final Visitors visitors = new Visitors();
    private final List<CompletableFuture<Void>> working = new ArrayList<>();

    private void visit(String address) throws UnknownHostException {
        CompletableFuture<Void> work = new CompletableFuture<>();
        visitors.admit(InetAddress.getByName(address), () -> work);
        working.add(work);
    }

    private void assertRefused(String address) {
        assertThatThrownBy(() -> visit(address))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("overloaded"));
    }

    @Test
    void oneClientDoesNotKeepOthersOut() throws Exception {
        for (int i = 0; i < Visitors.MAX_OF_ONE; i++) {
            visit("192.0.2.1");
        }
        assertRefused("192.0.2.1");
        visit("192.0.2.2");
        working.get(0).complete(null);
        visit("192.0.2.1");
        assertRefused("192.0.2.1");
        working.get(1).completeExceptionally(new IllegalStateException("failed"));
        visit("192.0.2.1");
    }

    @Test
    void anIpv6NetworkIsOneClient() throws Exception {
        for (int i = 0; i < Visitors.MAX_OF_ONE; i++) {
            visit("2001:db8:0:1::" + i);
        }
        assertRefused("2001:db8:0:1:ffff::1");
        visit("2001:db8:0:2::1");
    }

    @Test
    void allTogetherAreBounded() throws Exception {
        for (int i = 0; i < Visitors.MAX_IN_ALL; i++) {
            visit("192.0.2." + i);
        }
        assertRefused("198.51.100.1");
    }

    @Test
    void workThatFailsAtOnceLeavesItsPlace() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i <= Visitors.MAX_IN_ALL; i++) {
            assertThatThrownBy(() -> visitors.admit(address, () -> {
                        throw Refusal.notReady();
                    }))
                    .isInstanceOf(Refusal.class);
        }
        visit("192.0.2.1");
    }
}
