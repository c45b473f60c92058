package dev.latchkey.cloud.operator;

import dev.latchkey.transaction.ChainId;

/** One sub-network as network.conf names it. Immutable. */
record NetworkChain(ChainId id, String name) {}
