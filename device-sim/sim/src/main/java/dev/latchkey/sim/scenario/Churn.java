package dev.latchkey.sim.scenario;

import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.fleet.Fleet;
import dev.latchkey.sim.fleet.Handheld;
import dev.latchkey.sim.fleet.Reading;
import dev.latchkey.sim.fleet.Window;
import dev.latchkey.sim.source.Observation;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Members change keys, and new ones take the places of those that leave, while all send. What is sent to one that has
 * left must be refused with a reason.
 *
 * @param rounds of changes that happen together
 */
record Churn(List<List<Step>> rounds, AtomicInteger probes) implements Script {
    /** Beyond the numbers of any plan's readings. */
    private static final int FIRST_PROBE = 2_000_000_000;

    Churn(List<List<Step>> rounds) {
        this(List.copyOf(rounds), new AtomicInteger(FIRST_PROBE));
    }

    @Override
    public void run(Stage stage) throws IOException, InterruptedException {
        for (int round = 0; round < rounds.size(); round++) {
            stage.awaitPart((round + 1.0) / (rounds.size() + 1));
            List<Step> steps = rounds.get(round);
            Set<String> leaving = steps.stream()
                    .filter(Step.Replace.class::isInstance)
                    .map(step -> ((Step.Replace) step).leaving())
                    .collect(Collectors.toSet());
            stage.await(Window.over(steps, steps.size(), step -> happen(step, leaving, stage)));
        }
    }

    private CompletableFuture<Void> happen(Step step, Set<String> leaving, Stage stage) {
        if (step instanceof Step.Rotate rotate) {
            return stage.fleet().rotate(rotate.name(), rotate.which());
        }
        Step.Replace replace = (Step.Replace) step;
        return replace(stage.fleet().handheld(replace.leaving()), replace.joining(), leaving, stage);
    }

    private CompletableFuture<Void> replace(Handheld old, String joining, Set<String> leaving, Stage stage) {
        Fleet fleet = stage.fleet();
        List<String> senders = fleet.contacts().sendersTo(old.name());
        return fleet.join(joining, stage.place().handOver(joining))
                .thenCompose(young -> fleet.settled(young, old)
                        .thenCompose(
                                known -> fleet.prove(young, fleet.contacts().of(old.name())))
                        .thenCompose(proved -> fleet.takeOver(old, young)))
                .thenCompose(taken -> stage.account().drained(old.name()))
                .thenCompose(drained -> fleet.leave(old))
                .thenCompose(left -> probe(sender(senders, leaving, fleet), joining, old.name(), fleet));
    }

    /** One that had a session with the member that left, if it is there to send. */
    private static String sender(List<String> senders, Set<String> leaving, Fleet fleet) {
        Set<String> there = fleet.names();
        return senders.stream()
                .filter(name -> there.contains(name) && !leaving.contains(name))
                .findFirst()
                .orElse("");
    }

    private CompletableFuture<Void> probe(String sender, String otherwise, String left, Fleet fleet) {
        Handheld probing = fleet.handheld(sender.isEmpty() ? otherwise : sender);
        Instant now = Instant.now();
        Observation observation = new Observation(
                "after " + left + " has left", now, Pack.at(now, Record.of("probe", "/", BigDecimal.ONE)));
        return fleet.send(probing, new Reading(probes.getAndIncrement(), probing.name(), left, observation, false));
    }
}
