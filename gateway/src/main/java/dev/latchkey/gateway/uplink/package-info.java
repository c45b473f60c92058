/**
 * The gateway's side of the cloud's HTTPS interface: following chain and mailboxes, sending messages, transactions and
 * acknowledgements. Every peer is pinned to a key of the chain; every answer is bounded; every loop survives the cloud.
 */
package dev.latchkey.gateway.uplink;
