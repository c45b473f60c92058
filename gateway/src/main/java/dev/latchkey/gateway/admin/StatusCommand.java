package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Screen;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin status}: one screen on how a gateway is. */
@Command(
        name = "status",
        header = "Show how a gateway is, on one screen: devices, messages, outbox, store, chains.",
        description = {
            "What is wrong stands first, with a ! before it. Watching it, a terminal is redrawn as the gateway tells of",
            "changes; elsewhere each becomes one line. Ctrl-C ends it with exit code 0."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey admin status --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin status --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --watch",
            "  latchkey admin status --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --json"
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private AdminConnection gateway;

    @Option(names = "--watch", description = "Go on showing it as it changes.")
    private boolean watch;

    @Option(names = "--json", description = "Print JSON, one line for each change that is watched.")
    private boolean json;

    private final Screen screen = Screen.standard();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClientRequest request = ClientRequest.get(AdminTree.STATUS);
        try (AdminConnection.Open connection = gateway.open()) {
            if (watch) {
                Watch.until(connection, request, this::showChange);
            } else {
                show(connection.values(request));
            }
            return Cli.OK;
        }
    }

    private void show(Map<String, Object> status) {
        if (json) {
            System.out.println(Json.text(status));
        } else {
            StatusScreen.lines(status).forEach(screen::line);
        }
    }

    private void showChange(Map<String, Object> status) {
        if (!json && screen.terminal()) {
            screen.block(StatusScreen.lines(status));
        } else if (json) {
            screen.line(Json.text(status));
        } else {
            screen.line(StatusScreen.line(status, Instant.now()));
        }
    }
}
