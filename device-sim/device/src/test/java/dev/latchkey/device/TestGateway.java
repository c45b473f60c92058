package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Handler;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.ReadingHead;
import dev.latchkey.envelope.SignedDigest;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A gateway and the chain behind it in one object: real ledger, real DTLS, everything in memory, faults on demand. */
final class TestGateway implements AutoCloseable {
    static final EcVerifier VERIFIER = StrictEcVerifier.bouncy();
    static final String NAME = "gateway-1";

    final SecureRandom random = new SecureRandom();
    final Identity gateway = Identity.generate(random);
    final KeyPair voucherKey = KeyPair.generate(random);
    final Bytes enrolmentSecret = Bytes.wrap(new byte[32]);
    final TestChain chain = new TestChain("seattle", gateway);
    final List<TestChain> chains = new ArrayList<>(List.of(chain));

    // All guarded by this.
    final Map<Digest, VerifiedOpener> sessions = new HashMap<>();
    final Map<Bytes, Bytes> taken = new HashMap<>();
    final TestInboxes inboxes = new TestInboxes();
    final List<Bytes> messages = new ArrayList<>();
    final List<String> requests = new ArrayList<>();
    final Map<String, Deque<Function<CoapRequest, Optional<CompletionStage<CoapResponse>>>>> faults = new HashMap<>();
    final Map<String, CoapResponse> lies = new HashMap<>();
    /** Readings that are acknowledged and go nowhere. */
    int dropping;

    Optional<Bytes> forgedKeyAnswer = Optional.empty();
    private final List<CoapsServer> others = new ArrayList<>();
    CoapsServer server;

    TestGateway() throws Exception {
        server = start(0, gateway.dtls());
    }

    private CoapsServer start(int port, KeyPair dtls) throws Exception {
        return CoapsServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .identity(dtls)
                .peers(new TestMembers(this))
                .threads(2)
                .route("/p", Method.GET, handler("p", this::time))
                .route("/g", Method.GET, handler("g", about(TestChain::policies)))
                .route("/h", Method.GET, handler("h", about(TestChain::checkpoint)))
                .route("/k/{name}", Method.GET, handler("k", this::key))
                .route("/c", Method.GET, handler("c", about(TestChain::consistency)))
                .route("/w", Method.POST, handler("w", about(TestChain::offered)))
                .route("/b/{height}", Method.GET, handler("b", about(TestChain::header)))
                .route("/t", Method.POST, handler("t", about(TestChain::transaction)))
                .route("/m", Method.POST, handler("m", active(this::message)))
                .route("/m/d", Method.POST, handler("md", active(this::digest)))
                .route("/s", Method.POST, handler("s", active(request -> CoapResponse.changed())))
                .observable("/i", handler("i", active(this::inbox)), LinkAttributes.HIDDEN)
                .route("/i", Method.DELETE, handler("d", active(this::acknowledge)))
                .start();
    }

    /** Another gateway of the chain, which has the same inboxes; each knows the sessions of both. */
    GatewayAddress another(String name) throws Exception {
        Identity other = Identity.generate(random);
        Join join = new Join(name, 1, Role.GATEWAY, other.keys(), Optional.empty(), Optional.empty());
        apply(TransactionSigning.joinEndorsed(join, chain.id(), other, List.of(chain.operator))
                .encode());
        CoapsServer started = start(0, other.dtls());
        others.add(started);
        return new GatewayAddress(
                name,
                started.address().getAddress().getHostAddress(),
                started.address().getPort());
    }

    /** Ends the server and starts it again on the same port, as a crash of the process would. */
    void restart(KeyPair dtls) throws Exception {
        int port = server.address().getPort();
        server.close();
        server = start(port, dtls);
    }

    /** The next request of a kind is answered so, instead of being handled. */
    synchronized void fault(String kind, CoapResponse answer) {
        fault(kind, request -> Optional.of(CompletableFuture.completedFuture(answer)));
    }

    /** The next request of a kind is handled, but its answer never leaves. */
    synchronized void loseAnswer(String kind) {
        fault(kind, request -> Optional.empty());
    }

    /** The next request of a kind is handled, but answered like this. */
    synchronized void lie(String kind, CoapResponse answer) {
        lies.put(kind, answer);
    }

    private void fault(String kind, Function<CoapRequest, Optional<CompletionStage<CoapResponse>>> fault) {
        faults.computeIfAbsent(kind, key -> new ArrayDeque<>()).add(fault);
    }

    synchronized long count(String kind) {
        return requests.stream().filter(kind::equals).count();
    }

    static CoapResponse problem(Code code, String text) {
        return CoapResponse.problem(code, new Problem(text, ""));
    }

    HandOver handOver(String pattern) {
        Instant notAfter = Instant.now().plusMillis(chain.aheadMillis).plusSeconds(3_600);
        return handOver(pattern, gateway.dtls().publicKey(), notAfter);
    }

    HandOver handOver(String pattern, CoseKey gatewayKey, Instant notAfter) {
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        Voucher voucher = Voucher.issue(
                chain.id(), Bytes.wrap(id), pattern, 100, notAfter, voucherKey.publicKey(), chain.admin.sig());
        return new HandOver(
                "city",
                "seattle",
                chain.id(),
                NAME,
                server.address().getAddress().getHostAddress(),
                server.address().getPort(),
                gatewayKey,
                voucher,
                voucherKey,
                Enrolment.presharedKey(enrolmentSecret, voucher.id()));
    }

    /** An administrator's answer to a device's keys. */
    JoinTicket ticket(Join join) {
        Bytes batch = BatchEndorsement.issue(
                        chain.id(), List.of(join.body()), Instant.now().plusSeconds(60), chain.admin.sig())
                .get(0)
                .encode();
        return new JoinTicket(
                "city",
                "seattle",
                chain.id(),
                NAME,
                server.address().getAddress().getHostAddress(),
                server.address().getPort(),
                gateway.dtls().publicKey(),
                join,
                batch,
                Enrolment.presharedKey(enrolmentSecret, JoinTicket.enrolmentId(chain.id(), join)));
    }

    private Handler handler(String kind, Function<CoapRequest, CoapResponse> work) {
        return request -> {
            synchronized (this) {
                requests.add(kind);
                Deque<Function<CoapRequest, Optional<CompletionStage<CoapResponse>>>> waiting = faults.get(kind);
                if (waiting != null && !waiting.isEmpty()) {
                    Optional<CompletionStage<CoapResponse>> instead =
                            waiting.remove().apply(request);
                    if (instead.isPresent()) {
                        return instead.get();
                    }
                    work.apply(request);
                    return new CompletableFuture<>();
                }
                CoapResponse answer = work.apply(request);
                CoapResponse lie = lies.remove(kind);
                return CompletableFuture.completedFuture(lie == null ? answer : lie);
            }
        };
    }

    private CoapResponse time(CoapRequest request) {
        return CoapResponse.content(
                ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.uint(System.currentTimeMillis()), Cbor.text("test"))));
    }

    private CoapResponse key(CoapRequest request) {
        return forgedKeyAnswer
                .map(answer -> CoapResponse.content(ContentFormat.CBOR, answer))
                .orElseGet(() -> about(TestChain::key).apply(request));
    }

    /** Asks the chain that ?n= names, else the peer's own. */
    private Function<CoapRequest, CoapResponse> about(BiFunction<TestChain, CoapRequest, CoapResponse> question) {
        return request -> {
            Optional<TestChain> asked = request.parameter("n")
                    .map(this::named)
                    .orElse(Optional.of(request.peer().handle() instanceof TestMember member ? member.chain() : chain));
            return asked.map(found -> question.apply(found, request)).orElse(problem(Code.NOT_FOUND, "unknown-chain"));
        };
    }

    private Optional<TestChain> named(String name) {
        return chains.stream()
                .filter(known -> known.genesis.chainName().equals(name))
                .findFirst();
    }

    private static Function<CoapRequest, CoapResponse> active(Function<CoapRequest, CoapResponse> work) {
        return request ->
                member(request).record().isActive() ? work.apply(request) : problem(Code.FORBIDDEN, "not-a-member");
    }

    private static TestMember member(CoapRequest request) {
        return (TestMember) request.peer().handle();
    }

    synchronized Outcome apply(Bytes transaction) {
        return chain.apply(transaction);
    }

    private CoapResponse message(CoapRequest request) {
        TestMember sender = member(request);
        request.parameter("s").ifPresent(session -> requests.add("m of " + session));
        try {
            return request.contentFormat().orElse(0) == ContentFormat.COSE_SIGN1
                    ? opener(sender, request.payload())
                    : reading(sender, request.payload());
        } catch (Exception e) {
            return problem(Code.BAD_REQUEST, "malformed");
        }
    }

    private CoapResponse opener(TestMember sender, Bytes message) throws Exception {
        OpenerHead head = OpenerHead.read(message);
        if (!recipients().containsAll(head.recipients())) {
            return problem(Code.NOT_FOUND, "unknown-recipient");
        }
        TestChain from = named(head.chainName()).orElseThrow();
        ChainState then = from.states.get(head.height());
        VerifiedOpener verified = OpenerVerifier.verify(
                message,
                new ChainContext(from.id(), head.chainName(), head.height(), then.blockHash()),
                sender.name(),
                sender.record().keys().sig(),
                VERIFIER);
        if (sessions.putIfAbsent(verified.sessionId(), verified) == null) {
            deliver(sender, verified, ContentFormat.COSE_SIGN1, message);
        }
        return CoapResponse.changed();
    }

    private CoapResponse reading(TestMember sender, Bytes message) throws Exception {
        ReadingHead head = ReadingHead.read(message);
        Optional<VerifiedOpener> session = sessions.values().stream()
                .filter(opener -> opener.sessionTag().equals(head.sessionTag()) && isIn(opener, sender))
                .findFirst();
        if (session.isEmpty()) {
            return problem(Code.NOT_FOUND, "unknown-session");
        }
        if (!isCurrent(sender, session.get())) {
            return problem(Code.CONFLICT, "session-ended");
        }
        Bytes place =
                Bytes.concat(session.get().sessionId().bytes(), Bytes.utf8(sender.name() + " " + head.partialIv()));
        Bytes before = taken.putIfAbsent(place, message);
        if (before == null) {
            deliver(sender, session.get(), ContentFormat.COSE_ENCRYPT0, message);
        }
        return before == null || before.equals(message)
                ? CoapResponse.changed()
                : problem(Code.CONFLICT, "counter-reused");
    }

    private static boolean isIn(VerifiedOpener session, TestMember member) {
        return session.senderName().equals(member.name())
                || session.recipients().contains(member.record().keys().kex().kid());
    }

    private CoapResponse digest(CoapRequest request) {
        try {
            Digest session = SignedDigest.read(request.payload()).sessionId();
            deliver(member(request), sessions.get(session), ContentFormat.COSE_SIGN1, request.payload());
            return CoapResponse.changed();
        } catch (Exception e) {
            return problem(Code.BAD_REQUEST, "malformed");
        }
    }

    /** A session ends when a member of it changes its keys or leaves. */
    private boolean isCurrent(TestMember sender, VerifiedOpener session) {
        boolean sameAuthor = !session.senderName().equals(sender.name())
                || sender.record().keys().sig().kid().equals(session.senderKid());
        return sameAuthor && recipients().containsAll(session.recipients());
    }

    private Set<KeyId> recipients() {
        return chains.stream().flatMap(known -> known.recipients().stream()).collect(Collectors.toSet());
    }

    private void deliver(TestMember sender, VerifiedOpener session, int contentFormat, Bytes message) {
        messages.add(message);
        if (contentFormat == ContentFormat.COSE_ENCRYPT0 && dropping > 0) {
            dropping--;
            return;
        }
        Set<Bytes> owners = new HashSet<>(Set.of(sender.record().id()));
        chains.forEach(known -> known.state.forEachMember(member -> {
            if (isIn(session, new TestMember(known, member.name())) && owners.add(member.id())) {
                put(member.id(), sender.name(), session.sessionId(), contentFormat, message);
            }
        }));
    }

    /** Puts a message into a member's inbox, whatever it is. */
    synchronized void put(String recipient, String sender, Digest session, int contentFormat, Bytes message) {
        put(member(recipient).orElseThrow().id(), sender, session, contentFormat, message);
    }

    private void put(Bytes recipient, String sender, Digest session, int contentFormat, Bytes message) {
        inboxes.put(recipient, sender, session, contentFormat, message);
        for (TestChain known : chains) {
            known.state.forEachMember(member -> {
                if (member.id().equals(recipient)) {
                    TestMember owner = new TestMember(known, member.name());
                    server.changedFor("/i", owner);
                    others.forEach(other -> other.changedFor("/i", owner));
                }
            });
        }
    }

    private CoapResponse inbox(CoapRequest request) {
        long after = Long.parseLong(request.parameter("c").orElse("0"));
        return CoapResponse.content(
                ContentFormat.CBOR_SEQUENCE,
                inboxes.page(member(request).record().id(), after));
    }

    private CoapResponse acknowledge(CoapRequest request) {
        long upTo = Long.parseLong(request.parameter("u").orElseThrow());
        inboxes.drop(member(request).record().id(), upTo);
        return CoapResponse.deleted();
    }

    synchronized int waiting(String name) {
        return inboxes.waiting(member(name).orElseThrow().id());
    }

    synchronized Optional<MemberRecord> member(String name) {
        return chain.state.member(name);
    }

    @Override
    public void close() {
        others.forEach(CoapsServer::close);
        server.close();
    }
}
