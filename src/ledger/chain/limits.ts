/**
 * Gas that a block can use: some six hundred grants, half a second's work, so that a single request does not wait long
 * behind a flood. One transaction can use at most 2^24 of it (EIP-7825).
 */
export const GAS_LIMIT = 30_000_000;

/** Gas of one transaction at most (EIP-7825). */
export const TRANSACTION_GAS_LIMIT = 2 ** 24;

/**
 * Gas of one `eth_call` at most, as much as a call names or not: a hundred times what
 * `Consent.check` takes, and about a second's work.
 */
export const CALL_GAS_LIMIT = 2 ** 22;

/** Transactions in a block at most. */
export const MAX_TRANSACTIONS = 256;

/** Calls that run beside each other at most. */
export const MOST_LANES = 16;
