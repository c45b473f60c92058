package dev.latchkey.gateway.job;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.admin.AdminResource;
import dev.latchkey.gateway.admin.AdminRoutes;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.tree.Access;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /a/x/KIND}: POST starts a job, 2.01 with its place; {@code /a/j} lists the jobs, {@code /a/j/ID} is one, both
 * observable, and DELETE ends it. {@code POST /a/x/drain?off=1} has a drained gateway take readings again.
 */
public final class JobResource implements AdminResource {
    /** Of the list; one job's path is this, a slash and its id. */
    public static final String JOBS = "/a/j";

    /** Before the name of a kind. */
    public static final String START = "/a/x/";

    public static final String OFF = "off";

    private static final String ID = "id";
    private static final int MAX_DIGITS = 18;

    private final Jobs jobs;
    private final Drain drain;

    public JobResource(Jobs jobs, Drain drain) {
        this.jobs = jobs;
        this.drain = drain;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        for (JobKind kind : JobKind.values()) {
            routes.route(
                    START + kind,
                    Method.POST,
                    (request, admin) -> Access.answer(start(kind, request)),
                    LinkAttributes.type("latchkey.job." + kind));
        }
        routes.observable(
                        JOBS,
                        (request, admin) -> Access.answer(Values.answer(
                                request,
                                Map.of(
                                        "jobs",
                                        jobs.all().stream()
                                                .map(JobStatus::values)
                                                .toList()))),
                        LinkAttributes.type("latchkey.jobs", ContentFormat.CBOR, ContentFormat.JSON))
                .observable(JOBS + "/{id}", (request, admin) -> Access.answer(show(request)), LinkAttributes.HIDDEN)
                .route(JOBS + "/{id}", Method.DELETE, (request, admin) -> Access.answer(cancel(request)));
    }

    private CoapResponse start(JobKind kind, CoapRequest request) {
        Optional<String> off = request.parameter(OFF);
        if (off.isPresent()) {
            if (kind != JobKind.DRAIN || !List.of("", "1").contains(off.get())) {
                return Problems.of("malformed");
            }
            jobs.all().stream().filter(job -> job.kind() == JobKind.DRAIN).forEach(job -> jobs.cancel(job.id()));
            drain.off();
            return CoapResponse.changed();
        }
        if (!jobs.offers(kind)) {
            return Problems.of("not-configured");
        }
        return jobs.start(kind)
                .map(job ->
                        CoapResponse.created(JOBS + "/" + job.id(), ContentFormat.CBOR, Values.encode(job.values())))
                .orElseGet(() -> Problems.of("job-running"));
    }

    private CoapResponse show(CoapRequest request) {
        return find(request)
                .map(job -> Values.answer(request, job.values()))
                .orElseGet(() -> Problems.of("unknown-job"));
    }

    private CoapResponse cancel(CoapRequest request) {
        Optional<JobStatus> job = find(request);
        if (job.isEmpty()) {
            return Problems.of("unknown-job");
        }
        return jobs.cancel(job.get().id()) ? CoapResponse.deleted() : Problems.of("job-over");
    }

    private Optional<JobStatus> find(CoapRequest request) {
        String id = request.variable(ID);
        return id.matches("[0-9]{1," + MAX_DIGITS + "}") ? jobs.get(Long.parseLong(id)) : Optional.empty();
    }
}
