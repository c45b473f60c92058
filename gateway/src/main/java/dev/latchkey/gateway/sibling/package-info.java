/**
 * Chains of the network that this gateway does not serve but that a served chain's policy names: asked at the cloud, and
 * every answer checked here, from the chain id on, before it is given to a device.
 */
package dev.latchkey.gateway.sibling;
