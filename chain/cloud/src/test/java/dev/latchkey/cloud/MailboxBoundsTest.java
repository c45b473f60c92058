package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cloud.mailbox.Quota;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways, one of which lies, and a small mailbox. */
class MailboxBoundsTest {
    private static final int ROOM = 6;

    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
    private static final Identity SECOND = Identity.generate(TestNetwork.RANDOM);
    private static CloudNode node;
    private static TestClient gateway;
    private static TestClient rogue;
    private static int count;

    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final Digest session = Digest.sha256(sender.kex().publicKey().encode());
    private final Bytes epoch = session.bytes().slice(0, 8);
    private final Bytes rogueEpoch = session.bytes().slice(8, 16);
    private TestClient owner;
    private String from;
    private String to;

    @BeforeAll
    static void start() throws Exception {
        Quota plenty = new Quota(1_000, 1 << 20);
        MailboxSettings small = new MailboxSettings(new Quota(ROOM, 1 << 20), plenty, 1 << 20, Duration.ofHours(1));
        node = CloudNode.start(NETWORK.settings(directory).with(small), Clock.systemUTC());
        gateway = new TestClient(NETWORK, node.address(), NETWORK.gateway.dtls());
        rogue = new TestClient(NETWORK, node.address(), SECOND.dtls());
        Join join = new Join("gw-2", 1, Role.GATEWAY, SECOND.keys(), Optional.empty(), Optional.empty());
        gateway.submit(TransactionSigning.joinEndorsed(join, NETWORK.chain, SECOND, List.of(NETWORK.operator)));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void join() throws Exception {
        count++;
        from = "d-from-" + count;
        to = "d-to-" + count;
        owner = new TestClient(NETWORK, node.address(), reader.dtls());
        gateway.submit(NETWORK.join(from, sender, NETWORK.voucher()), NETWORK.join(to, reader, NETWORK.voucher()));
    }

    private MessageBatch.Message message(long sequence, int counter, String content) throws Exception {
        long height = Cbor.decode(gateway.body("/v1/chains/{c}"), 4096)
                .asArray()
                .get(3)
                .asUint();
        return new MessageBatch.Message(
                sequence,
                from,
                session,
                height,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, counter, content),
                List.of(to));
    }

    private HttpResponse<byte[]> post(TestClient client, String name, Bytes epoch, MessageBatch.Message... messages)
            throws Exception {
        List<Bytes> tickets = List.of(NETWORK.ticket(from, sender, name));
        return client.post(
                "/v1/messages?chain=" + NETWORK.chain.toHex(),
                new MessageBatch(epoch, tickets, List.of(messages)).encode());
    }

    private BatchAnswer deliver(MessageBatch.Message... messages) throws Exception {
        return answer(post(gateway, "gw-1", epoch, messages));
    }

    private static BatchAnswer answer(HttpResponse<byte[]> response) throws Exception {
        assertThat(response.statusCode()).isEqualTo(200);
        return BatchAnswer.decode(Bytes.wrap(response.body()));
    }

    private List<MailboxEntry> read() throws Exception {
        List<MailboxEntry> entries = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(owner.body("/v1/mailboxes/{c}/" + to), 1 << 20)) {
            entries.add(MailboxEntry.fromItem(item));
        }
        return entries;
    }

    @Test
    void garbageForSomebodysCountersMakesNoGenuineReadingVanish() throws Exception {
        for (int i = 1; i <= 4; i++) {
            assertThat(answer(post(rogue, "gw-2", rogueEpoch, message(i, 7, "garbage " + i)))
                            .refused())
                    .isEmpty();
        }
        assertThat(answer(post(rogue, "gw-2", rogueEpoch, message(5, 7, "garbage 5")))
                        .refused())
                .extracting(BatchAnswer.Refused::code)
                .containsExactly("counter-reused");
        assertThat(deliver(message(1, 7, "genuine")).refused()).isEmpty();
        assertThat(read())
                .hasSize(5)
                .extracting(MailboxEntry::message)
                .contains(Readings.reading(session, 7, "genuine"));
    }

    @Test
    void aGatewayThatClaimsAnothersSequencesIsRefusedAndChangesNothing() throws Exception {
        deliver(message(1, 0, "a"));
        HttpResponse<byte[]> refused = post(rogue, "gw-2", epoch, message(2, 1, "garbage"));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(TestClient.code(refused)).isEqualTo("foreign-sequence");
        assertThat(deliver(message(2, 1, "b")).refused()).isEmpty();
        assertThat(read())
                .extracting(MailboxEntry::message)
                .containsExactly(Readings.reading(session, 0, "a"), Readings.reading(session, 1, "b"));
    }

    @Test
    void aFullMailboxSaysWhichQuotaItIsAndHasRoomWhenItsOwnerRead() throws Exception {
        for (int i = 0; i < ROOM; i++) {
            assertThat(deliver(message(i + 1, i, "a")).refused()).isEmpty();
        }
        BatchAnswer.Refused full =
                deliver(message(ROOM + 1, ROOM, "one more")).refused().get(0);
        assertThat(full.code()).isEqualTo("mailbox-full");
        assertThat(full.detail()).contains("mailboxes.messages", "acknowledge", "later");
        assertThat(gateway.body("/metrics").toUtf8())
                .contains("latchkey_mailbox_refused_total{code=\"mailbox-full\"} 1.0")
                .contains("latchkey_mailbox_messages ");

        List<Item> state = Cbor.decode(owner.body("/v1/mailboxes/{c}/" + to + "/state"), 4096)
                .asArray(7);
        assertThat(List.of(
                        state.get(0).asUint(),
                        state.get(2).asUint(),
                        state.get(5).asUint()))
                .containsExactly(6L, 6L, 0L);
        HttpResponse<byte[]> page = owner.get("/v1/mailboxes/{c}/" + to + "?after=5");
        assertThat(page.headers().firstValue("Latchkey-Mailbox-Last")).hasValue("6");
        assertThat(page.headers().firstValue("Latchkey-Mailbox-Expired")).hasValue("0 0");
        assertThat(gateway.get("/v1/mailboxes/{c}/" + to + "/state").statusCode())
                .isEqualTo(403);

        owner.send(owner.request("/v1/mailboxes/{c}/" + to + "?upto=1").DELETE().build());
        assertThat(deliver(message(ROOM + 2, ROOM, "one more")).refused()).isEmpty();
        assertThat(read()).extracting(MailboxEntry::sequence).containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
    }
}
