/**
 * The gateway: one object graph, wired in {@link dev.latchkey.gateway.GatewayNode}, and the commands that start it and
 * look at it. Each sub-package holds one concept; they know each other in one direction: {@code store <- outbox, inbox,
 * replica <- intake, directory <- uplink <- tree <- admin}.
 */
package dev.latchkey.gateway;
