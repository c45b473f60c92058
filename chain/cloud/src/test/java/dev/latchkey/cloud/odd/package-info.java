/** Bytes and requests that are almost right, by chance or by a fuzzer's choice. */
package dev.latchkey.cloud.odd;
