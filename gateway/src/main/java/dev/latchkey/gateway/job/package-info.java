/**
 * What administrators have a gateway do at length: jobs with progress, one of a kind at a time, and the work of each.
 *
 * <p>May import replica, outbox, intake, store, uplink and settings; knows no CoAP but in {@code JobResource}.
 */
package dev.latchkey.gateway.job;
