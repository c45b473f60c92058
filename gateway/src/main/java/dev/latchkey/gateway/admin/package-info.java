/** What an administrator of the chain can see of a gateway, over its own endpoint, and the command that shows it. */
package dev.latchkey.gateway.admin;
