/**
 * What an operator of any role sees: commands and their exit codes, the settings file, progress and tables on the
 * screen, JSON for scripts, logs, metrics, and a clean stop.
 *
 * <p>Knows no role and no transport. May import {@code dev.latchkey.host} and the ledger, picocli, HOCON, jackson-core,
 * logback and the Prometheus client.
 */
package dev.latchkey.console;
