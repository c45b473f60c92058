/** The system as its users meet it: real cloud node and gateway processes, real sockets, real disks. */
package dev.latchkey.sim.system;
