/**
 * Sensor readings as SenML packs (RFC 8428) in CBOR and JSON, with exact numbers, and their resolution into
 * measurements that stand for themselves. Imports the ledger's byte strings and its CBOR, and jackson-core for JSON.
 */
package dev.latchkey.senml;
