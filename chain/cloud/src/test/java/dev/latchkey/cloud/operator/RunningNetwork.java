package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cloud.CloudMain;
import dev.latchkey.cloud.CloudNode;
import dev.latchkey.cloud.CloudSettings;
import dev.latchkey.cloud.Printed;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.transaction.ChainId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A network as `operator init` makes it, its cloud node running, and the operator's command line. */
final class RunningNetwork implements AutoCloseable {
    private final Path directory;
    private CloudNode node;
    private String out = "";
    private String err = "";

    RunningNetwork(Path directory, String... more) throws Exception {
        this.directory = directory;
        List<String> arguments = new ArrayList<>(List.of(
                "init",
                "--dir",
                net().toString(),
                "--network",
                "city",
                "--chain",
                "seattle",
                "--cloud",
                "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        assertThat(execute(arguments)).as(err).isZero();
        node = started();
    }

    private CloudNode started() throws Exception {
        return CloudNode.start(
                CloudSettings.load(net().resolve("cloud/cloud.conf"), Optional.empty()), Clock.systemUTC());
    }

    /** Starts the cloud node again, with what somebody does to its files in between. */
    void restart(Between between) throws Exception {
        node.close();
        between.run();
        node = started();
    }

    /** What happens while the node is stopped. */
    @FunctionalInterface
    interface Between {
        void run() throws Exception;
    }

    Path net() {
        return directory.resolve("net");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Runs a verb on the network. */
    int run(String... verb) {
        List<String> arguments = new ArrayList<>(List.of(verb));
        arguments.addAll(List.of(
                "--dir",
                net().resolve("operator").toString(),
                "--cloud",
                "127.0.0.1:" + node.address().getPort()));
        return execute(arguments);
    }

    /** Runs a verb that needs no network. */
    int runApart(String... verb) {
        return execute(List.of(verb));
    }

    private int execute(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("operator"));
        all.addAll(arguments);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        Printed.to(said, wrong);
        try {
            return Cli.run(CloudMain.command(), all.toArray(String[]::new));
        } finally {
            Printed.end();
            out = said.toString();
            err = wrong.toString();
        }
    }

    /** The cloud node as somebody else sees it. */
    CloudLink link(KeyPair tls, ChainId chain) throws IOException {
        return new CloudLink(List.of(HostPort.of(node.address())), tls, chain, EcProviders.verifier());
    }

    /** What the last verb said. */
    String out() {
        return out;
    }

    /** What the last verb complained of. */
    String err() {
        return err;
    }

    @Override
    public void close() {
        node.close();
    }
}
