/**
 * The gateway's one durable store: tables of bytes in RocksDB, written by one thread that gathers many changes under one
 * fsync. The only package that may import {@code org.rocksdb}; it knows nothing of what the bytes mean.
 */
package dev.latchkey.gateway.store;
