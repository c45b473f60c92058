/** Attacks on a gateway from outside: by strangers, with datagrams, and by members, with requests. */
package dev.latchkey.gateway.hostile;
