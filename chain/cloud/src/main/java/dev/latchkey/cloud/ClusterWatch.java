package dev.latchkey.cloud;

import dev.latchkey.cloud.chain.Alarm;
import dev.latchkey.cloud.chain.ChainPool;
import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.console.Metrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the other members now and then at {@code /readyz} what their clocks show and whether they are ready, and acts on
 * it: a node whose clock is wrong orders nothing, and who had better not lead hands on the lead. Thread-safe.
 */
final class ClusterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** How often members are asked; at every look while it is not known whether the own clock is right. */
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Whoever takes longer to answer says nothing about the time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Who said longer ago that it is ready may not be any more. */
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A date has whole seconds, rounded down. */
    private static final long HALF_SECOND = 500;

    private static final double MILLIS = 1e3;

    private final RaftNode raft;
    private final PeerClocks clocks;
    private final HttpClient peers;
    private final UnfitLeader unfit;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private long lastAsked; // this and wrong are for the timer's thread
    private boolean wrong;

    private ClusterWatch(RaftNode raft, PeerClocks clocks, HttpClient peers, Function<String, List<Alarm>> alarms) {
        this.raft = raft;
        this.clocks = clocks;
        this.peers = peers;
        this.unfit = new UnfitLeader(new Leads(alarms), System::nanoTime);
    }

    /** Begins, on the timer's thread. */
    static ClusterWatch start(
            RaftNode raft,
            HttpClient peers,
            ClusterSettings cluster,
            Clock clock,
            ScheduledExecutorService timer,
            ChainsMachine chains,
            ChainPool pool) {
        PeerClocks clocks = new PeerClocks(raft.membership().self(), cluster.clockTolerance(), clock, System::nanoTime);
        raft.judgeBy(clocks);
        ClusterWatch watch = new ClusterWatch(raft, clocks, peers, alarms(chains, pool));
        timer.scheduleWithFixedDelay(watch::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Why the chains of a group are not signed here, where they are not. */
    private static Function<String, List<Alarm>> alarms(ChainsMachine chains, ChainPool pool) {
        return group -> chains.chains().stream()
                .filter(chain -> pool.group(chain.id()).filter(group::equals).isPresent())
                .map(chain -> chain.line().alarm())
                .toList();
    }

    /** Figures of the members' clocks; a node alone, which has no watch, has none to compare its own with. */
    static void figures(Metrics metrics, String self, Optional<ClusterWatch> watch) {
        metrics.gauge(
                "latchkey_alarm_clock",
                "1 while this node's clock differs from those of more than half of the members.",
                () -> watch.filter(ClusterWatch::isClockWrong).isPresent() ? 1 : 0);
        metrics.levels(
                "latchkey_clock_ahead_seconds",
                "By how much this node's clock is ahead of a member's; below 0 if it is behind.",
                List.of("member"),
                () -> {
                    Map<List<String>, Double> values = new LinkedHashMap<>();
                    values.put(List.of(self), 0.0);
                    watch.ifPresent(found -> found.clocks
                            .ahead()
                            .forEach((member, ahead) -> values.put(List.of(member), ahead.toMillis() / MILLIS)));
                    return values;
                });
    }

    boolean isClockWrong() {
        return clocks.isWrong();
    }

    private void look() {
        try {
            Map<String, Member> others = others(raft.membership());
            clocks.members(others.keySet());
            ready.keySet().retainAll(others.keySet());
            long now = System.nanoTime();
            if (now - lastAsked >= ASK_NANOS || !clocks.isKnown()) {
                lastAsked = now;
                others.values().forEach(this::ask);
            }
            say(clocks.isWrong());
            raft.membership().forgetLost();
            unfit.look();
        } catch (RuntimeException e) {
            LOG.debug("the other members were not looked after; it is tried again", e);
        }
    }

    private void say(boolean now) {
        if (now && !wrong) {
            LOG.error("this node's clock is wrong, so it orders nothing: ahead of the others by {}", clocks.ahead());
        } else if (wrong && !now) {
            LOG.info("this node's clock is right again");
        }
        wrong = now;
    }

    private static Map<String, Member> others(Membership membership) {
        return membership.groups().stream()
                .flatMap(group -> membership.members(group).stream())
                .filter(member ->
                        !member.id().equals(membership.self()) && !member.api().isEmpty())
                .collect(Collectors.toMap(Member::id, member -> member, (one, same) -> one));
    }

    private void ask(Member member) {
        if (!asked.add(member.id())) {
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + member.api() + "/readyz"))
                .timeout(PATIENCE)
                .build();
        long begun = System.nanoTime();
        peers.sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((answer, fault) -> {
            asked.remove(member.id());
            if (fault == null) {
                take(member.id(), answer, begun, System.nanoTime());
            }
        });
    }

    private void take(String member, HttpResponse<Void> answer, long begun, long ended) {
        date(answer).ifPresent(date -> clocks.tell(member, date.toEpochMilli() + HALF_SECOND, (begun + ended) / 2));
        if (answer.statusCode() == 200) {
            ready.put(member, ended);
        } else {
            ready.remove(member);
        }
    }

    private static Optional<Instant> date(HttpResponse<Void> answer) {
        try {
            return answer.headers()
                    .firstValue("Date")
                    .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            LOG.debug("a member's answer has no date that can be read");
            return Optional.empty();
        }
    }

    private boolean isReady(String member) {
        Long at = ready.get(member);
        return at != null && System.nanoTime() - at < READY_NANOS && clocks.mayLead(member);
    }

    /** What the log says of who leads. */
    private final class Leads implements UnfitLeader.Leads {
        private final Function<String, List<Alarm>> alarms;

        private Leads(Function<String, List<Alarm>> alarms) {
            this.alarms = alarms;
        }

        @Override
        public List<String> led() {
            return raft.membership().groups().stream().filter(raft::isReady).toList();
        }

        @Override
        public boolean isKept(String group) {
            return raft.membership().isKept(group);
        }

        @Override
        public boolean isClockWrong() {
            return clocks.isWrong();
        }

        @Override
        public List<Alarm> alarms(String group) {
            return alarms.apply(group);
        }

        /** Of those that are ready whoever was heard of last. */
        @Override
        public Optional<String> next(String group) {
            return raft.membership().status(group).members().stream()
                    .filter(each ->
                            each.silentMillis() >= 0 && isReady(each.member().id()))
                    .min(Comparator.comparingLong(GroupStatus.MemberStatus::silentMillis))
                    .map(each -> each.member().id());
        }

        @Override
        public void transfer(String group, String member) {
            raft.membership().transfer(group, member).whenComplete((done, fault) -> {
                if (fault instanceof RaftFault) {
                    LOG.warn("the lead was not taken over; it is tried again later: group={}", group);
                }
            });
        }
    }
}
