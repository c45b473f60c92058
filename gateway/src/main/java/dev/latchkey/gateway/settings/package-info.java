/** The gateway's settings file as one immutable record; what each setting means stands in gateway-reference.conf. */
package dev.latchkey.gateway.settings;
