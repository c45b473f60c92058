/**
 * Members on a gateway's word: joins that were taken while the cloud was away, until the chain has said yes or no. Imports
 * {@code replica}, {@code intake}, {@code store} and {@code uplink}.
 */
package dev.latchkey.gateway.enrol;
