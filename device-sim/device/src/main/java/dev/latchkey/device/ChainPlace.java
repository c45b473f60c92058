package dev.latchkey.device;

import dev.latchkey.transaction.ChainId;

/**
 * A chain as a device knows it.
 *
 * @param chain its id, from which everything else is proved
 * @param chainName its name
 * @param height the height that the device's view of it never falls below
 */
record ChainPlace(ChainId chain, String chainName, long height) {}
