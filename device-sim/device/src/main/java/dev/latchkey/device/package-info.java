/**
 * The library to embed in a device: joining a chain, proving other members' keys, sending sealed packs that survive a
 * crash, receiving them once. Imports the ledger, the envelope, the CoAP adapter and host; no other module.
 *
 * <p>Everything of one device happens on its {@code Lane}, one thing after the other; what waits for the network gives
 * the lane free.
 */
package dev.latchkey.device;
