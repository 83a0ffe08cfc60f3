/** Name of a consortium's chain. */
export const CHAIN_NAME = /^medseal-[0-9a-f]{32}$/;

/** Name of a validator's node among the others. */
export const VALIDATOR_NODE = /^[0-9a-f]{40}$/;

/** Address of a validator for the others: `host:port`, an IPv6 host in brackets, a port from 1 to 65535. */
export const VALIDATOR_ADDRESS =
  /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$/;
