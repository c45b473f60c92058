/** A small real cloud, a network with its keys and a device that speaks for itself: what the gateway's tests stand on. */
package dev.latchkey.gateway.harness;
