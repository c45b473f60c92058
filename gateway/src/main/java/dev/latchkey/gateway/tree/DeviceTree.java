package dev.latchkey.gateway.tree;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.directory.ResourceDirectory;
import dev.latchkey.gateway.enrol.ProvisionalDesk;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketDesk;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.TransactionForwarder;
import dev.latchkey.gateway.witness.WitnessDesk;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.ChainId;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** All that devices can ask of a gateway, as routes of a CoAP server. */
public final class DeviceTree {
    /** Of the checkpoint, for notifications. */
    public static final String CHECKPOINT = "/h";

    /** Of what becomes of transactions, for notifications; the id in hexadecimal follows. */
    public static final String OUTCOME = "/t/";

    /** Of the inbox, for notifications. */
    public static final String INBOX = "/i";

    /** if: GET or FETCH, nothing changes. */
    private static final String READ = "latchkey.read";

    /** if: POST, the body is a signed or sealed message. */
    private static final String SUBMIT = "latchkey.submit";

    /** if: GET with Observe what waits, DELETE what has arrived. */
    private static final String QUEUE = "latchkey.queue";

    /** if: POST what one offers, POST and DELETE at the place that the answer names. */
    private static final String REGISTER = "latchkey.register";

    private final AskedChain asked;
    private final ChainResources chain;
    private final SiblingResources siblings;
    private final TransactionResource transactions;
    private final MessageResources messages;
    private final WitnessResource witness;
    private final DirectoryResources directory;
    private final LookupResources lookups;
    private final Clock clock;
    private final String version;

    /**
     * Wires the resources.
     *
     * @param forwarders whom to hand transactions of a served chain to
     * @param provisionals takes joins while the cloud is away
     * @param siblingChains what is known of the chains that are not served
     * @param asking runs what waits for the cloud to tell of those; refuses what it has no room for
     */
    public DeviceTree(
            Replicas replicas,
            Intake intake,
            TicketDesk tickets,
            WitnessDesk witness,
            Inbox inbox,
            ResourceDirectory directory,
            Store store,
            Function<ChainId, TransactionForwarder> forwarders,
            ProvisionalDesk provisionals,
            SiblingChains siblingChains,
            Executor asking,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            Duration longestTransaction,
            AcknowledgementListener acknowledged,
            MessageTally tally,
            String version) {
        this.asked = new AskedChain(replicas);
        this.chain = new ChainResources(workers, provisionals.book());
        this.siblings = new SiblingResources(siblingChains, asking);
        this.transactions = new TransactionResource(
                asked, siblings, forwarders, provisionals, verifier, workers, clock, longestTransaction);
        this.messages = new MessageResources(intake, tickets, inbox, store, workers, acknowledged, tally);
        this.witness = new WitnessResource(witness);
        this.directory = new DirectoryResources(directory, asked, clock);
        this.lookups = new LookupResources(directory, asked, workers);
        this.clock = clock;
        this.version = version;
    }

    /** Adds the routes to a server. Holders of a voucher reach /g, /h, /t and /p; everything else is for members. */
    public CoapsServer.Builder addTo(CoapsServer.Builder server) {
        return server.route(
                        "/g",
                        Method.GET,
                        Access.anyone(asked.servedOrSibling(chain::policies, siblings::policies)),
                        LinkAttributes.type("latchkey.policy", ContentFormat.CBOR_SEQUENCE)
                                .withInterface(READ))
                .observable(
                        CHECKPOINT,
                        Access.anyone(Pace.checked(asked.servedOrSibling(chain::checkpoint, siblings::checkpoint))),
                        LinkAttributes.type("latchkey.checkpoint", ContentFormat.COSE_SIGN)
                                .withInterface(READ),
                        Pace::of)
                .route(
                        "/k/{name}",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::key, siblings::key)),
                        LinkAttributes.type("latchkey.key", ContentFormat.CBOR).withInterface(READ))
                .route(
                        "/k",
                        Method.FETCH,
                        Access.membersAndMoving(asked.servedOrSibling(chain::keys, siblings::keys)),
                        LinkAttributes.type("latchkey.keys", ContentFormat.CBOR).withInterface(READ))
                .route(
                        "/c",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::consistency, siblings::consistency)),
                        LinkAttributes.type("latchkey.consistency", ContentFormat.CBOR)
                                .withInterface(READ))
                .route(
                        "/b/{height}",
                        Method.GET,
                        Access.membersAndMoving(asked.servedOrSibling(chain::block, siblings::block)),
                        LinkAttributes.type("latchkey.block", ContentFormat.CBOR)
                                .withInterface(READ))
                .route(
                        "/t",
                        Method.POST,
                        Access.anyone(transactions::post),
                        LinkAttributes.type("latchkey.transaction", ContentFormat.COSE_SIGN)
                                .withInterface(SUBMIT))
                .observable(
                        OUTCOME + "{id}",
                        Access.anyoneAndRefused(asked.served(transactions::outcome)),
                        LinkAttributes.type("latchkey.receipt", ContentFormat.CBOR, ContentFormat.COSE_SIGN1)
                                .withInterface(READ))
                .route(
                        "/m",
                        Method.POST,
                        Access.membersAndProvisional(messages::message),
                        LinkAttributes.type("latchkey.message", ContentFormat.COSE_ENCRYPT0, ContentFormat.COSE_SIGN1)
                                .withInterface(SUBMIT))
                .route(
                        "/m/d",
                        Method.POST,
                        Access.membersAndProvisional(messages::digest),
                        LinkAttributes.type("latchkey.digest", ContentFormat.COSE_SIGN1)
                                .withInterface(SUBMIT))
                .observable(
                        INBOX,
                        Access.membersAndProvisional(messages::inbox),
                        LinkAttributes.type("latchkey.inbox", ContentFormat.CBOR_SEQUENCE)
                                .withInterface(QUEUE))
                .route(INBOX, Method.DELETE, Access.membersAndProvisional(messages::acknowledge))
                .route(
                        "/s",
                        Method.POST,
                        Access.members(messages::ticket),
                        LinkAttributes.type("latchkey.ticket", ContentFormat.COSE_SIGN1)
                                .withInterface(SUBMIT))
                .route(
                        "/w",
                        Method.POST,
                        Access.membersAndMoving(witness::cosign),
                        LinkAttributes.type("latchkey.witness", ContentFormat.CBOR, ContentFormat.COSE_SIGN)
                                .withInterface(SUBMIT))
                .route(
                        "/rd",
                        Method.POST,
                        Access.members(directory::register),
                        LinkAttributes.type("core.rd", ContentFormat.LINK_FORMAT)
                                .withInterface(REGISTER))
                .route("/rd/{id}", Method.POST, Access.members(directory::renew))
                .route("/rd/{id}", Method.DELETE, Access.members(directory::remove))
                .route(
                        "/rd-lookup/ep",
                        Method.GET,
                        Access.members(lookups::endpoints),
                        LinkAttributes.type("core.rd-lookup-ep", ContentFormat.LINK_FORMAT)
                                .withInterface(READ))
                .route(
                        "/rd-lookup/res",
                        Method.GET,
                        Access.members(lookups::resources),
                        LinkAttributes.type("core.rd-lookup-res", ContentFormat.LINK_FORMAT)
                                .withInterface(READ))
                .route(
                        "/p",
                        Method.GET,
                        Access.anyone(request -> Access.answer(time())),
                        LinkAttributes.type("latchkey.time", ContentFormat.CBOR).withInterface(READ));
    }

    /**
     * {@code [time in ms, version]}: under DTLS less than twice the question's datagram, and it goes to nobody who has not
     * shown a key, so that nobody gains by asking in another's name.
     */
    private CoapResponse time() {
        return CoapResponse.content(
                        ContentFormat.CBOR, Cbor.encode(Cbor.array(Cbor.uint(clock.millis()), Cbor.text(version))))
                .withMaxAge(0);
    }
}
