/** What {@code latchkey doctor gateway} looks at before, or while, a gateway runs; changes nothing. */
package dev.latchkey.gateway.doctor;
