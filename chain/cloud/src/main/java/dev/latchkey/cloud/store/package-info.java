/**
 * The one adapter to RocksDB: ordered families of keys and values, written in atomic batches.
 *
 * <p>No RocksDB type leaves this package. Writes are not synced one by one, because the Raft log is the write-ahead log;
 * {@link dev.latchkey.cloud.store.Store#sync} is the point from which the log may forget.
 */
package dev.latchkey.cloud.store;
