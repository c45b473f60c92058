/**
 * CoAP over DTLS between peers known by their chain keys: server and client on Californium and Scandium, whose types
 * do not leave this package. May import bytes, cose and protocol of the ledger.
 */
package dev.latchkey.coap;
